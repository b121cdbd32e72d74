import { setTimeout as sleep } from 'node:timers/promises';
import { type Artifact, artifactKey } from '../../domain/artifact.ts';
import { StorageRefused } from '../../domain/errors.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { ActivityLog } from '../activity-log.ts';

const triesAtRefusal = 3;

export interface Writer {
  put(
    name: string,
    body: Uint8Array | string,
    mediaType: string,
    metadata?: Record<string, string>,
  ): Promise<Artifact>;
  /** Null when S3 refuses this object for good; the guardrail will say what is missing. */
  putOrLeaveOut(name: string, body: Uint8Array | string, mediaType: string): Promise<Artifact | null>;
}

/** Writes one pass's artifacts under their deterministic keys. */
export function writerFor(
  { store, log }: { store: Pick<ArtifactStore, 'put'>; log: ActivityLog },
  jobId: string,
  pass: string,
  signal: AbortSignal,
): Writer {
  const put: Writer['put'] = async (name, body, mediaType, metadata) => {
    const key = artifactKey(jobId, pass, name);
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted();
      try {
        const { bytes, sha256 } = await store.put(key, body, { mediaType, metadata });
        return { pass, name, key, media_type: mediaType, bytes, sha256 };
      } catch (error) {
        if (!(error instanceof StorageRefused) || attempt >= triesAtRefusal) throw error;
        await sleep(200 * attempt, undefined, { signal });
      }
    }
  };
  return {
    put,
    async putOrLeaveOut(name, body, mediaType) {
      try {
        return await put(name, body, mediaType);
      } catch (error) {
        if (!(error instanceof StorageRefused)) throw error;
        log.error({ err: error, job_id: jobId, key: error.key }, 'S3 refuses an artifact; it is left out');
        return null;
      }
    },
  };
}
