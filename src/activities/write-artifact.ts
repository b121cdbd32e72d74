import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Artifact, artifactKey } from '../domain/artifact.ts';
import { StorageRefused } from '../domain/errors.ts';
import type { ArtifactStore, Stored } from '../storage/artifact-store.ts';
import type { ActivityLog } from './activity-log.ts';

const triesAtRefusal = 3;

export interface Writer {
  put(
    name: string,
    body: Uint8Array | string,
    mediaType: string,
    metadata?: Record<string, string>,
  ): Promise<Artifact>;
  /** @param open the body from its beginning, anew at each try */
  putStream(name: string, open: () => AsyncIterable<Uint8Array>, mediaType: string): Promise<Artifact>;
  /** Null when S3 refuses this object for good; the guardrail will say what is missing. */
  putOrLeaveOut(name: string, body: Uint8Array | string, mediaType: string): Promise<Artifact | null>;
}

/** Writes one pass's artifacts under their deterministic keys. */
export function writerFor(
  { store, log }: { store: Pick<ArtifactStore, 'put' | 'putStream'>; log: ActivityLog },
  jobId: string,
  pass: string,
  signal: AbortSignal,
): Writer {
  const trying = async (
    name: string,
    media_type: string,
    write: (key: string) => Promise<Stored>,
  ): Promise<Artifact> => {
    const key = artifactKey(jobId, pass, name);
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted();
      try {
        const { bytes, sha256 } = await write(key);
        return { pass, name, key, media_type, bytes, sha256 };
      } catch (error) {
        if (!(error instanceof StorageRefused) || attempt >= triesAtRefusal) throw error;
        await sleep(200 * attempt, undefined, { signal });
      }
    }
  };
  const put: Writer['put'] = (name, body, mediaType, metadata) =>
    trying(name, mediaType, (key) => store.put(key, body, { mediaType, metadata }));
  return {
    put,
    putStream: (name, open, mediaType) =>
      trying(name, mediaType, (key) =>
        store.putStream(key, Readable.from(open(), { objectMode: false }), { mediaType, signal }),
      ),
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
