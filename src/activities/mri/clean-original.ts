import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CleanedOriginal } from '../../database/sessions/replace-original.ts';
import { DoubletakeError, ObjectMissing, UnreadableMedia } from '../../domain/errors.ts';
import type { Session } from '../../domain/job.ts';
import type { MriTasks } from '../../kinds/mri/child/tasks.ts';
import type { TaskPool } from '../../media/child-pool.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { inScratchFolder } from '../../system/scratch-folder.ts';
import type { JobOfSession } from '../job-reference.ts';
import { folderOfOriginal } from '../maintenance/original-folder.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';

export interface CleanOriginalNeeds {
  store: Pick<ArtifactStore, 'download' | 'putStream' | 'deleteKeys' | 'list'>;
  pool: TaskPool<MriTasks>;
  scratch: string;
  /** @throws NotFound */
  readSession(id: string): Promise<Session>;
  /** Only where the original is still the one that `session` names; false where another was faster. */
  replaceOriginal(session: Session, by: CleanedOriginal | null): Promise<boolean>;
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
      if (key === null) throw removed(file_name);
      const uploaded = folderOfOriginal(key);
      if (isCleaned(id, key)) {
        await removeOthers(uploaded, key);
        return { file_name };
      }
      return inScratchFolder(scratch, 'mri', async (folder) => {
        const raw = join(folder, 'raw');
        const out = join(folder, 'cleaned');
        try {
          await store.download(key, raw, { signal });
        } catch (error) {
          if (!(error instanceof ObjectMissing)) throw error;
          // Removed by a run that was stopped before it could say so, or cleaned by one that was faster.
          if (await replaceOriginal(session, null)) throw removed(file_name);
          return { file_name: (await readSession(id)).file_name };
        }
        const cleaned = await pool
          .run({ task: 'mriClean', path: raw, fileName: file_name, out }, { signal })
          .catch(async (error) => {
            if (!(error instanceof DoubletakeError) || error.retryable) throw error;
            // Objects first: without their key in the session a repeat would not find them.
            await removeOthers(uploaded, undefined);
            await replaceOriginal(session, null);
            throw error;
          });
        const name = scanName(id, cleaned.extension);
        // A key of this run's own: identifiers are drawn anew, so another run at the same time writes other bytes.
        const cleanedKey = `${uploaded}${randomUUID()}/${name}`;
        const media_type = cleaned.extension === 'zip' ? 'application/zip' : 'application/gzip';
        const { sha256 } = await store.putStream(cleanedKey, createReadStream(out), {
          mediaType: media_type,
          signal,
        });
        const { size: bytes } = await stat(out);
        const by = { key: cleanedKey, file_name: name, media_type, bytes, sha256 };
        if (await replaceOriginal(session, by)) await removeOthers(uploaded, cleanedKey);
        else await store.deleteKeys([cleanedKey]);
        return { file_name: name };
      });
    });

  /** Everything of the upload but what is kept: the raw file, and what its transfer may have left. */
  async function removeOthers(folder: string, kept: string | undefined): Promise<void> {
    const keys: string[] = [];
    for await (const { key } of store.list(folder)) if (key !== kept) keys.push(key);
    if (keys.length > 0) await store.deleteKeys(keys);
  }
}

function removed(fileName: string): UnreadableMedia {
  return new UnreadableMedia(
    `${fileName} was removed because it could not be cleaned of what names a person. Upload the scan again.`,
  );
}

function isCleaned(sessionId: string, key: string): boolean {
  return (['nii.gz', 'zip'] as const).some((extension) => key.endsWith(`/${scanName(sessionId, extension)}`));
}
