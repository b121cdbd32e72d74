import type { Readable } from 'node:stream';
import type { StorageRefused } from '../domain/errors.ts';

export interface Stored {
  bytes: number;
  /** Lower-case hex SHA-256 of the bytes. */
  sha256: string;
}

export interface ObjectHead {
  bytes: number;
  media_type: string;
  metadata: Record<string, string>;
  /** From the object's metadata; null for one that was not written by `put`. */
  sha256: string | null;
}

export interface ListedObject {
  key: string;
  bytes: number;
  last_modified: Date;
}

/**
 * The S3 bucket. Every method throws `StorageUnavailable` when S3 is out of reach or fails (worth waiting
 * for), and `StorageRefused` when it answered no.
 */
export interface ArtifactStore {
  /** Whole object at once; its SHA-256 goes into the object's metadata. */
  put(
    key: string,
    body: Uint8Array | string,
    options: { mediaType: string; metadata?: Record<string, string> },
  ): Promise<Stored>;
  /**
   * In parts of 16 MiB, 2 at once: memory stays flat. Aborted, failed or longer than `maxBytes`, it leaves
   * nothing behind. @throws TooLarge
   */
  putStream(
    key: string,
    stream: Readable,
    options: { mediaType: string; signal?: AbortSignal; maxBytes?: number },
  ): Promise<Stored>;
  /** @throws ObjectMissing */
  get(key: string): Promise<Buffer>;
  /** To a local file; a failed one leaves nothing there. @throws ObjectMissing */
  download(
    key: string,
    path: string,
    options?: { signal?: AbortSignal; onBytes?: (bytes: number) => void },
  ): Promise<Stored>;
  head(key: string): Promise<ObjectHead | null>;
  /** Both ends inclusive. @throws ObjectMissing */
  readRange(key: string, start: number, endInclusive: number): Promise<Buffer>;
  list(prefix: string): AsyncIterable<ListedObject>;
  /** The next level of "folders" below `prefix`, each with its delimiter. */
  listPrefixes(prefix: string, delimiter: string): AsyncIterable<string>;
  deleteKeys(keys: readonly string[], options?: { signal?: AbortSignal }): Promise<void>;
  /** Returns how many objects went. */
  deletePrefix(prefix: string): Promise<number>;
  /**
   * Gives up every upload in parts below `prefix` that was begun before `before`: those a killed process left, which
   * hold space but show in no listing. One that S3 refuses to give up is told and passed over. Returns how many went.
   */
  abortUnfinished(
    prefix: string,
    options: { before: Date; onRefused(refusal: StorageRefused): void },
  ): Promise<number>;
  /** A link that reads the object for so long, whoever has it; ranges work. */
  presign(
    key: string,
    options: { expiresSeconds: number; fileName?: string; mediaType?: string },
  ): Promise<string>;
  /** Answers or rejects within seconds. */
  ping(): Promise<void>;
  /** Makes the bucket when it is not there. */
  ensureBucket(): Promise<void>;
}
