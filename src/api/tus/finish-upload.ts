import { completeUpload } from '../../database/uploads/complete-upload.ts';
import { forgetUpload } from '../../database/uploads/forget-upload.ts';
import { Conflict, UnsupportedMedia } from '../../domain/errors.ts';
import { refuseUnaccepted, sniffStored } from '../accept/sniff.ts';
import type { ApiDependencies } from '../dependencies.ts';
import type { Upload } from './upload.ts';

/** What `@tus/s3-store` keeps beside an object while it is unfinished: what it knows of it, and bytes too few for a part. */
export function keysBeside(key: string): string[] {
  return [`${key}.info`, `${key}.part`];
}

/**
 * Looks at the bytes of an upload whose last byte has arrived and writes it down as finished. Done again it
 * changes nothing, so that whoever first sees the finished object does it: the last PATCH, or, when that was
 * interrupted in between, a later HEAD or `POST /api/jobs`.
 * @throws Conflict while bytes are missing; UnsupportedMedia, after which nothing is left in storage
 */
export async function finishUpload(
  { database, store, acceptedKinds }: Pick<ApiDependencies, 'database' | 'store' | 'acceptedKinds'>,
  upload: Upload,
): Promise<Upload & { media_type: string }> {
  const { id, key, file_name, bytes } = upload;
  if (upload.completed_at && upload.media_type) return { ...upload, media_type: upload.media_type };
  const stored = await store.head(key);
  if (stored?.bytes !== bytes) {
    throw new Conflict(`Upload ${id} of "${file_name}" is not finished. Send the rest, then ask again.`);
  }
  try {
    const media_type = await sniffStored(store, key, bytes);
    refuseUnaccepted({ media_type, bytes }, file_name, acceptedKinds.all);
    await completeUpload(database, id, { media_type, bytes });
    return { ...upload, media_type, completed_at: new Date() };
  } catch (error) {
    if (error instanceof UnsupportedMedia) {
      await store.deleteKeys([key, ...keysBeside(key)]);
      await forgetUpload(database, id);
    }
    throw error;
  }
}
