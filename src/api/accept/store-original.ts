import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { FastifyBaseLogger } from 'fastify';
import { TooLarge } from '../../domain/errors.ts';
import type { AnyKind } from '../../domain/kind.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { fileNameOf, originalKey } from './original-key.ts';
import { peek } from './peek.ts';
import { refuseUnaccepted, sniff, sniffedBytes } from './sniff.ts';

/** A file that lies in storage and belongs to no session yet. */
export interface StoredOriginal {
  session_id: string;
  key: string;
  file_name: string;
  media_type: string;
  bytes: number;
  sha256: string;
  /** For when the kind became known only after the file. @throws UnsupportedMedia */
  refuseFor(kinds: readonly AnyKind[]): void;
}

export interface StoreSettings {
  store: ArtifactStore;
  userId: string;
  sentName: string | undefined;
  /** Another name to keep it by, where the kind is known and has one of its own. */
  nameFor?: (sessionId: string, fileName: string) => string;
  /** The kinds it may be for. */
  kinds: readonly AnyKind[];
  /** Every kind there is. */
  allKinds: readonly AnyKind[];
  maxBytes: number;
  signal: AbortSignal;
}

export function tooLarge(fileName: string, maxBytes: number, cause?: unknown): TooLarge {
  const gib = (maxBytes / 2 ** 30).toLocaleString('en', { maximumFractionDigits: 2 });
  return new TooLarge(`"${fileName}" is larger than the ${maxBytes} bytes (${gib} GiB) accepted here.`, {
    cause,
  });
}

/**
 * Looks at the first bytes, then streams into storage, hashed on the way.
 * @throws InvalidRequest for an empty file that no kind takes, UnsupportedMedia, TooLarge (nothing is left in storage)
 */
export async function storeOriginal(stream: Readable, settings: StoreSettings): Promise<StoredOriginal> {
  const { store, userId, sentName, kinds, maxBytes, signal } = settings;
  const sent = fileNameOf(sentName);
  const { head, whole } = await peek(stream, sniffedBytes);
  const media_type = await sniff(head, sent, kinds, settings.allKinds);
  const session_id = randomUUID();
  const file_name = settings.nameFor?.(session_id, sent) ?? sent;
  const key = originalKey(userId, session_id, file_name);
  try {
    const { bytes, sha256 } = await store.putStream(key, whole, { mediaType: media_type, signal, maxBytes });
    const refuseFor = (later: readonly AnyKind[]) =>
      refuseUnaccepted({ media_type, bytes }, sent, later, settings.allKinds);
    return { session_id, key, file_name, media_type, bytes, sha256, refuseFor };
  } catch (error) {
    whole.destroy();
    throw error instanceof TooLarge ? tooLarge(file_name, maxBytes, error) : error;
  }
}

/** Removes what a refused request stored. When even that fails, the sweep for unclaimed objects will. */
export async function discardOriginal(
  store: ArtifactStore,
  { key }: { key: string },
  log: FastifyBaseLogger,
): Promise<void> {
  await store.deleteKeys([key]).catch((error) => log.warn({ err: error, key }, 'left for the sweep'));
}
