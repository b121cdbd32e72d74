import type { FastifyBaseLogger } from 'fastify';
import type { ArtifactStore } from '../storage/artifact-store.ts';

/** How long an answer counts, ms: readiness is asked often, and each try is two requests. */
const freshMs = 30_000;

/** One for all processes: whatever becomes of them, no more than this one byte is left. */
const key = 'health/written';

/**
 * Asks whether the storage takes what is written, which one that is full or read-only does not, though it answers. A byte
 * is written and removed, at most once in half a minute; in between the last answer counts.
 */
export function writeCheck(
  store: Pick<ArtifactStore, 'put' | 'deleteKeys'>,
  log: Pick<FastifyBaseLogger, 'error'>,
  countsMs = freshMs,
): () => Promise<void> {
  let last: { at: number; outcome: Promise<void> } | undefined;

  async function tryToWrite(): Promise<void> {
    try {
      await store.put(key, '1', { mediaType: 'text/plain' });
      await store.deleteKeys([key]);
    } catch (error) {
      log.error({ err: error }, 'the object storage does not take what is written');
      throw error;
    }
  }

  return () => {
    if (!last || performance.now() - last.at >= countsMs) {
      last = { at: performance.now(), outcome: tryToWrite() };
    }
    return last.outcome;
  };
}
