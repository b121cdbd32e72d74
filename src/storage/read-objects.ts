import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { ObjectMissing } from '../domain/errors.ts';
import type { ObjectHead, Stored } from './artifact-store.ts';
import type { Bucket } from './bucket.ts';
import { hashing } from './hashing.ts';
import { storageError, told } from './storage-errors.ts';

/** The whole object, or the bytes of `range` (as HTTP spells it, e.g. `bytes=0-99`). @throws ObjectMissing */
export async function read(bucket: Bucket, key: string, range?: string): Promise<Buffer> {
  return told('read', key, async () => {
    const parts: Buffer[] = [];
    for await (const part of await open(bucket, key, { range })) parts.push(part as Buffer);
    return Buffer.concat(parts);
  });
}

/** See `ArtifactStore.download`. A download that fails leaves no part of the file. */
export async function download(
  bucket: Bucket,
  key: string,
  path: string,
  { signal, onBytes }: { signal?: AbortSignal; onBytes?: (bytes: number) => void } = {},
): Promise<Stored> {
  const content = await told('read', key, () => open(bucket, key, { signal }));
  const hash = hashing({ onBytes });
  try {
    await pipeline(content, hash, createWriteStream(path), { signal });
    return hash.stored();
  } catch (error) {
    await rm(path, { force: true });
    throw isOfTheDisk(error) ? error : storageError(error, 'read', key);
  }
}

/** Null when there is no such object. */
export async function head(bucket: Bucket, key: string): Promise<ObjectHead | null> {
  try {
    return await told('look at', key, async () => {
      const found = await bucket.client.send(new HeadObjectCommand({ Bucket: bucket.name, Key: key }));
      const { ContentLength, ContentType, Metadata = {} } = found;
      return {
        bytes: ContentLength ?? 0,
        media_type: ContentType ?? 'application/octet-stream',
        metadata: Metadata,
        sha256: Metadata.sha256 ?? null,
      };
    });
  } catch (error) {
    if (error instanceof ObjectMissing) return null;
    throw error;
  }
}

async function open(
  bucket: Bucket,
  key: string,
  { range, signal }: { range?: string; signal?: AbortSignal },
): Promise<Readable> {
  const command = new GetObjectCommand({ Bucket: bucket.name, Key: key, Range: range });
  const { Body } = await bucket.client.send(command, { abortSignal: signal });
  return Body as Readable;
}

/** A full or missing disk here is no fault of S3. */
function isOfTheDisk(error: unknown): boolean {
  const { code } = error as { code?: string };
  return ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'ENOENT', 'EISDIR', 'ENOTDIR', 'EMFILE'].includes(
    code ?? '',
  );
}
