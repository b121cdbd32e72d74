import { artifactKey } from '../../domain/artifact.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { Writer } from '../write-artifact.ts';

/** Where a watch stands after a chunk. */
export interface Checkpoint {
  /** Eight hexadecimal digits of everything that can change an event: software, model, recording, zones and masks. */
  made_with: string;
  chunk: number;
  /** Time of the last frame, seconds of the recording's own; null when it had none. */
  last_s: number | null;
  ended: boolean;
  /** Of all chunks until now. */
  frames: number;
  corrupt_frames: number;
  scene_changes: number;
  events: number;
  /** Of the events, those that were stored before by another job. */
  duplicates: number;
}

/** How many are kept of one fingerprint: one more than is needed, for a worker that reads while another writes. */
const kept = 2;

const stateName = (madeWith: string, chunk: number) => `state-${madeWith}-${numbered(chunk)}.bin`;
/** What one chunk found, beside its checkpoint. */
export const chunkName = (madeWith: string, chunk: number) => `chunk-${madeWith}-${numbered(chunk)}.json`;
const numbered = (chunk: number) => String(chunk).padStart(6, '0');

/**
 * The checkpoints of one job's watch. Those of each fingerprint lie beside one another: while workers of two versions are at
 * work, each goes on from its own.
 */
export class Checkpoints {
  readonly #store: ArtifactStore;
  readonly #jobId: string;
  readonly #madeWith: string;

  /** @param madeWith eight hexadecimal digits of everything that can change an event */
  constructor(store: ArtifactStore, jobId: string, madeWith: string) {
    this.#store = store;
    this.#jobId = jobId;
    this.#madeWith = madeWith;
  }

  /** The newest, and how to read what the watcher saved. */
  async newest(): Promise<{ at: Checkpoint; saved(): Promise<Buffer> } | null> {
    for (const key of (await this.#keys(`state-${this.#madeWith}-`)).reverse()) {
      const head = await this.#store.head(key);
      const at = JSON.parse(head?.metadata.at ?? 'null') as Checkpoint | null;
      if (at) return { at, saved: () => this.#store.get(key) };
    }
    return null;
  }

  /** Written last of all that belongs to a chunk: where it is, the rest is. */
  async write(writer: Pick<Writer, 'put'>, at: Checkpoint, saved: Uint8Array): Promise<void> {
    await writer.put(stateName(this.#madeWith, at.chunk), saved, 'application/octet-stream', {
      at: JSON.stringify(at),
    });
    const old = (await this.#keys(`state-${this.#madeWith}-`)).slice(0, -kept);
    if (old.length > 0) await this.#store.deleteKeys(old);
  }

  async #keys(beginning: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of this.#store.list(artifactKey(this.#jobId, 'processing', beginning)))
      keys.push(key);
    return keys.sort();
  }
}

/** The next watch of this job begins at the beginning, whatever version watches. */
export async function forgetCheckpoints(
  store: Pick<ArtifactStore, 'list' | 'deleteKeys'>,
  jobId: string,
): Promise<void> {
  const keys: string[] = [];
  for await (const { key } of store.list(artifactKey(jobId, 'processing', 'state-'))) keys.push(key);
  if (keys.length > 0) await store.deleteKeys(keys);
}
