import { artifactKey } from '../../domain/artifact.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { type Checkpoint, chunkName } from './checkpoints.ts';
import type { WrittenEvent } from './event-writer.ts';
import type { ChunkFile } from './watch-chunk.ts';

/** Requests to S3 at once. */
const atOnce = 16;

/**
 * The events that a watch found, in the order in which they began.
 * @throws ObjectMissing
 */
export async function eventsFound(
  store: Pick<ArtifactStore, 'get'>,
  jobId: string,
  { made_with, chunk: lastChunk }: Pick<Checkpoint, 'made_with' | 'chunk'>,
): Promise<WrittenEvent[]> {
  const found: WrittenEvent[] = [];
  for (let first = 0; first <= lastChunk; first += atOnce) {
    const chunks = Array.from({ length: Math.min(atOnce, lastChunk + 1 - first) }, (_, n) => first + n);
    const files = await Promise.all(
      chunks.map(async (n) => {
        const bytes = await store.get(artifactKey(jobId, 'processing', chunkName(made_with, n)));
        return JSON.parse(bytes.toString()) as ChunkFile;
      }),
    );
    for (const { events } of files) found.push(...events);
  }
  return found;
}
