import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DoubletakeError, UnreadableMedia } from '../../domain/errors.ts';
import type { Session } from '../../domain/job.ts';
import type { MriTasks } from '../../kinds/mri/child/tasks.ts';
import type { TaskPool } from '../../media/child-pool.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { inScratchFolder } from '../../system/scratch-folder.ts';
import type { JobOfSession } from '../job-reference.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';

export interface CleanOriginalNeeds {
  store: Pick<ArtifactStore, 'download' | 'putStream' | 'deleteKeys' | 'list'>;
  pool: TaskPool<MriTasks>;
  scratch: string;
  /** @throws NotFound */
  readSession(id: string): Promise<Session>;
  /** In one transaction, and only where the original is still `from`. */
  replaceOriginal(session: Session, by: ReplacedOriginal | null): Promise<void>;
}

export interface ReplacedOriginal {
  key: string;
  file_name: string;
  media_type: string;
  bytes: number;
  sha256: string;
}

/** What a cleaned scan is called, in S3 and everywhere else. */
export function scanName(sessionId: string, extension: 'nii.gz' | 'zip'): string {
  return `scan-${sessionId.slice(0, 8)}.${extension}`;
}

/**
 * Puts a cleaned file in the place of the raw one, and removes the raw one: until it returns, nobody reads the original.
 * Stopped anywhere, it goes on when it is repeated. What cannot be cleaned is removed as well.
 * @throws UnsupportedMedia, UnreadableMedia or TooLarge, with the raw file gone
 */
export function makeCleanOriginal(needs: CleanOriginalNeeds) {
  const { store, pool, scratch, readSession, replaceOriginal } = needs;

  return (job: JobOfSession): Promise<{ file_name: string }> =>
    whileHeartbeating(async (signal) => {
      const session = await readSession(job.session_id);
      const { id, original_key: key, file_name } = session;
      if (key === null) {
        throw new UnreadableMedia(
          `${file_name} was removed because it could not be cleaned of what names a person. Upload the scan again.`,
        );
      }
      if (isCleaned(id, key)) {
        await removeOthers(dirname(key), key);
        return { file_name };
      }
      return inScratchFolder(scratch, 'mri', async (folder) => {
        const raw = join(folder, 'raw');
        const out = join(folder, 'cleaned');
        await store.download(key, raw, { signal });
        const cleaned = await pool
          .run({ task: 'mriClean', path: raw, fileName: file_name, out }, { signal })
          .catch(async (error) => {
            if (!(error instanceof DoubletakeError) || error.retryable) throw error;
            await replaceOriginal(session, null);
            await removeOthers(dirname(key), undefined);
            throw error;
          });
        const name = scanName(id, cleaned.extension);
        const cleanedKey = `${dirname(key)}/${name}`;
        const media_type = cleaned.extension === 'zip' ? 'application/zip' : 'application/gzip';
        const { sha256 } = await store.putStream(cleanedKey, createReadStream(out), {
          mediaType: media_type,
          signal,
        });
        const { size: bytes } = await stat(out);
        await replaceOriginal(session, { key: cleanedKey, file_name: name, media_type, bytes, sha256 });
        await removeOthers(dirname(key), cleanedKey);
        return { file_name: name };
      });
    });

  /** Everything of the upload but what is kept: the raw file, and what its transfer may have left. */
  async function removeOthers(folder: string, kept: string | undefined): Promise<void> {
    const keys: string[] = [];
    for await (const { key } of store.list(`${folder}/`)) if (key !== kept) keys.push(key);
    if (keys.length > 0) await store.deleteKeys(keys);
  }
}

function isCleaned(sessionId: string, key: string): boolean {
  return (['nii.gz', 'zip'] as const).some((extension) => key.endsWith(`/${scanName(sessionId, extension)}`));
}
