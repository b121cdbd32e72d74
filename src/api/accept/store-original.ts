import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { FastifyBaseLogger } from 'fastify';
import { TooLarge } from '../../domain/errors.ts';
import type { AnyKind } from '../../domain/kind.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { fileNameOf, originalKey } from './original-key.ts';
import { peek } from './peek.ts';
import { mayTurnOut, refuseUnaccepted, sniffedBytes, sniffHead, sniffStored } from './sniff.ts';

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
  log: FastifyBaseLogger;
}

export function tooLarge(fileName: string, maxBytes: number, cause?: unknown): TooLarge {
  const gib = (maxBytes / 2 ** 30).toLocaleString('en', { maximumFractionDigits: 2 });
  return new TooLarge(`"${fileName}" is larger than the ${maxBytes} bytes (${gib} GiB) accepted here.`, {
    cause,
  });
}

/**
 * Looks at the first bytes, then streams into storage, hashed on the way. Where they leave the type open, it is looked
 * for in the stored file.
 * @throws InvalidRequest for an empty file that no kind takes, UnsupportedMedia, TooLarge (nothing is left in storage)
 */
export async function storeOriginal(stream: Readable, settings: StoreSettings): Promise<StoredOriginal> {
  const { store, userId, sentName, kinds, maxBytes, signal } = settings;
  const sent = fileNameOf(sentName);
  const { head, whole } = await peek(stream, sniffedBytes);
  const early = await sniffHead(head);
  const refuseFor = (found: { media_type: string; bytes: number }, later: readonly AnyKind[]) =>
    refuseUnaccepted(found, sent, later, settings.allKinds);
  if (!mayTurnOut(early, kinds)) refuseFor({ media_type: early.media_type, bytes: head.length }, kinds);
  const session_id = randomUUID();
  const file_name = settings.nameFor?.(session_id, sent) ?? sent;
  const key = originalKey(userId, session_id);
  const { bytes, sha256 } = await store
    .putStream(key, whole, { mediaType: early.media_type, signal, maxBytes })
    .catch((error) => {
      whole.destroy();
      throw error instanceof TooLarge ? tooLarge(file_name, maxBytes, error) : error;
    });
  try {
    const media_type = early.isFinal ? early.media_type : await sniffStored(store, key, bytes);
    const found = { media_type, bytes };
    refuseFor(found, kinds);
    return { session_id, key, file_name, ...found, sha256, refuseFor: (later) => refuseFor(found, later) };
  } catch (error) {
    await discardOriginal(store, { key }, settings.log);
    throw error;
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
