import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stored } from '../../storage/artifact-store.ts';
import { makeOwnFolder } from './own-folder.ts';

export interface OriginalCacheOptions {
  folder: string;
  /** The least recently used files go so that all together, those on their way too, do not exceed this. */
  maxBytes: number;
  download(key: string, path: string, options: { signal?: AbortSignal }): Promise<Stored>;
  /** Calls `release` when the asker whose signal it is needs its file no more. */
  atEnd(signal: AbortSignal, release: () => void): void;
}

export interface Original {
  session_id: string;
  original_key: string;
  bytes: number;
  /** Null until somebody has read the whole file. */
  sha256: string | null;
}

export interface LocalOriginal {
  path: string;
  sha256: string;
}

export interface OriginalCache {
  /** Downloads at most once a process, however many activities ask at the same time. */
  local(original: Original, signal: AbortSignal): Promise<LocalOriginal>;
}

interface Download {
  result: Promise<Known>;
  bytes: number;
  users: Set<AbortSignal>;
  stop: AbortController;
}

interface Known extends LocalOriginal {
  bytes: number;
  /** Who has the file in use. */
  users: Set<AbortSignal>;
}

/**
 * Local copies of originals, for decoders that seek. A download goes to a name of its own and is renamed when it is
 * whole, so a partial file is never used; the hash is taken while it is written.
 */
export function openOriginalCache({
  folder,
  maxBytes,
  download,
  atEnd,
}: OriginalCacheOptions): OriginalCache {
  /** The least recently used first: whatever is used is put in anew. */
  const known = new Map<string, Known>();
  const underWay = new Map<string, Download>();
  let home: Promise<string> | undefined;
  let serial = 0;

  async function fetch(original: Original, { users, stop }: Download): Promise<Known> {
    // A folder that cannot be made now may be there later.
    home ??= makeOwnFolder(folder).catch((error) => {
      home = undefined;
      throw error;
    });
    const path = join(await home, `${original.session_id}.${++serial}`);
    const partial = `${path}.partial`;
    await makeRoom();
    try {
      const { bytes, sha256 } = await download(original.original_key, partial, { signal: stop.signal });
      await rename(partial, path);
      const fetched = { path, sha256, bytes, users };
      putLast(original.session_id, fetched);
      forget(original, stop);
      return fetched;
    } finally {
      await rm(partial, { force: true });
    }
  }

  /**
   * For the downloads under way. A file in use stays, even beyond the limit: a decoder that is about to open it would take
   * the file for a broken one, and one that has it open keeps its room on the disk. There are no more of those than
   * activities at work.
   */
  async function makeRoom(): Promise<void> {
    let total = [...known.values(), ...underWay.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    const going: string[] = [];
    for (const [session, { path, bytes, users }] of known) {
      if (total <= maxBytes) break;
      if (users.size > 0) continue;
      known.delete(session);
      total -= bytes;
      going.push(path);
    }
    await Promise.all(going.map((path) => rm(path, { force: true })));
  }

  async function usable(session: string, signal: AbortSignal): Promise<Known | undefined> {
    const found = known.get(session);
    if (!found) return undefined;
    use(found.users, signal);
    putLast(session, found);
    const size = await stat(found.path).then(
      (file) => file.size,
      () => -1,
    );
    if (size === found.bytes) return found;
    if (known.get(session) === found) known.delete(session);
    await rm(found.path, { force: true });
    return undefined;
  }

  function putLast(session: string, file: Known): void {
    known.delete(session);
    known.set(session, file);
  }

  function use(users: Set<AbortSignal>, signal: AbortSignal): void {
    users.add(signal);
    atEnd(signal, () => users.delete(signal));
  }

  function begin(original: Original): Download {
    const stop = new AbortController();
    const work = { bytes: original.bytes, users: new Set<AbortSignal>(), stop } as Download;
    underWay.set(original.session_id, work);
    work.result = fetch(original, work);
    const over = () => forget(original, stop);
    stop.signal.addEventListener('abort', over);
    work.result.catch(over);
    return work;
  }

  function forget({ session_id }: Original, stop: AbortController): void {
    if (underWay.get(session_id)?.stop === stop) underWay.delete(session_id);
  }

  return {
    async local(original, signal) {
      signal.throwIfAborted();
      while (known.has(original.session_id)) {
        const found = await usable(original.session_id, signal);
        signal.throwIfAborted();
        if (found) return found;
      }
      return waitFor(underWay.get(original.session_id) ?? begin(original), signal);
    },
  };

  /** The download stops when the last of those who wait for it has given up. */
  async function waitFor({ result, users, stop }: Download, signal: AbortSignal): Promise<Known> {
    use(users, signal);
    const leave = Promise.withResolvers<never>();
    const gaveUp = () => {
      users.delete(signal);
      if (users.size === 0) stop.abort(signal.reason);
      leave.reject(signal.reason);
    };
    signal.addEventListener('abort', gaveUp, { once: true });
    try {
      return await Promise.race([result, leave.promise]);
    } finally {
      signal.removeEventListener('abort', gaveUp);
    }
  }
}
