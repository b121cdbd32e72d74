import { artifactKey } from '../../domain/artifact.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { Writer } from '../write-artifact.ts';

/** Where a watch stands after a chunk. */
export interface Checkpoint {
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

const prefixOf = (jobId: string) => artifactKey(jobId, 'processing', 'state-');
const nameOf = (chunk: number) => `state-${String(chunk).padStart(6, '0')}.bin`;

/** How many are kept: one more than is needed, for a worker that reads while another writes. */
const kept = 2;

/** The checkpoints of one job's watch, made with one version of everything that can change an answer. */
export class Checkpoints {
  readonly #store: ArtifactStore;
  readonly #jobId: string;
  readonly #madeWith: string;

  /** @param madeWith a fingerprint; checkpoints of another are not gone on from */
  constructor(store: ArtifactStore, jobId: string, madeWith: string) {
    this.#store = store;
    this.#jobId = jobId;
    this.#madeWith = madeWith;
  }

  /** The newest, and how to read what the watcher saved. */
  async newest(): Promise<{ at: Checkpoint; saved(): Promise<Buffer> } | null> {
    const keys = (await this.#keys()).reverse();
    for (const key of keys) {
      const head = await this.#store.head(key);
      if (head?.metadata['made-with'] !== this.#madeWith) continue;
      const at = JSON.parse(head.metadata.at ?? 'null') as Checkpoint | null;
      if (at) return { at, saved: () => this.#store.get(key) };
    }
    return null;
  }

  /** Written last of all that belongs to a chunk: where it is, the rest is. */
  async write(writer: Pick<Writer, 'put'>, at: Checkpoint, saved: Uint8Array): Promise<void> {
    await writer.put(nameOf(at.chunk), saved, 'application/octet-stream', {
      'made-with': this.#madeWith,
      at: JSON.stringify(at),
    });
    const old = (await this.#keys()).slice(0, -kept);
    if (old.length > 0) await this.#store.deleteKeys(old);
  }

  /** The next watch of this job begins at the beginning. */
  async forget(): Promise<void> {
    const keys = await this.#keys();
    if (keys.length > 0) await this.#store.deleteKeys(keys);
  }

  async #keys(): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of this.#store.list(prefixOf(this.#jobId))) keys.push(key);
    return keys.sort();
  }
}
