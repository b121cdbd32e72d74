import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stored } from '../../storage/artifact-store.ts';

export interface OriginalCacheOptions {
  folder: string;
  /** The least recently used files go when together they exceed this. */
  maxBytes: number;
  download(key: string, path: string, options: { signal?: AbortSignal }): Promise<Stored>;
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
  /** Downloads at most once a machine, however many activities ask at the same time. */
  local(original: Original, signal: AbortSignal): Promise<LocalOriginal>;
}

interface Known extends LocalOriginal {
  bytes: number;
  usedAt: number;
}

/**
 * Local copies of originals, for decoders that seek. A download goes to a name of its own and is renamed when it is
 * whole, so a partial file is never used; the hash is taken while it is written. Files that an earlier process left
 * are removed at the first use: their hashes are not known, and reading them again costs as much as a download.
 */
export function openOriginalCache({ folder, maxBytes, download }: OriginalCacheOptions): OriginalCache {
  const known = new Map<string, Known>();
  const underWay = new Map<
    string,
    { result: Promise<Known>; askers: Set<AbortSignal>; stop: AbortController }
  >();
  const home = join(folder, `originals-${process.pid}`);
  let ready: Promise<void> | undefined;
  let serial = 0;

  async function prepare(): Promise<void> {
    await mkdir(home, { recursive: true });
    for (const name of await readdir(folder)) {
      const pid = Number(/^originals-(\d+)$/.exec(name)?.[1] ?? Number.NaN);
      if (Number.isInteger(pid) && pid !== process.pid && !isAlive(pid)) {
        await rm(join(folder, name), { recursive: true, force: true });
      }
    }
  }

  async function fetch({ session_id, original_key }: Original, signal: AbortSignal): Promise<Known> {
    // A folder that cannot be made now may be there later.
    ready ??= prepare().catch((error) => {
      ready = undefined;
      throw error;
    });
    await ready;
    const path = join(home, session_id);
    const partial = `${path}.${++serial}.partial`;
    try {
      const { bytes, sha256 } = await download(original_key, partial, { signal });
      await rename(partial, path);
      const fetched = { path, sha256, bytes, usedAt: Date.now() };
      known.set(session_id, fetched);
      await makeRoom(session_id);
      return fetched;
    } finally {
      await rm(partial, { force: true });
    }
  }

  /** A file in use may go: the decoder that has it open keeps it, and the next activity downloads it again. */
  async function makeRoom(keep: string): Promise<void> {
    let total = [...known.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    const oldest = [...known].sort(([, a], [, b]) => a.usedAt - b.usedAt);
    for (const [session, { path, bytes }] of oldest) {
      if (total <= maxBytes) return;
      if (session === keep) continue;
      known.delete(session);
      total -= bytes;
      await rm(path, { force: true });
    }
  }

  async function usable(session: string): Promise<Known | undefined> {
    const found = known.get(session);
    if (!found) return undefined;
    const size = await stat(found.path).then(
      (file) => file.size,
      () => -1,
    );
    if (size !== found.bytes) {
      known.delete(session);
      return undefined;
    }
    found.usedAt = Date.now();
    await utimes(found.path, new Date(), new Date()).catch(() => {});
    return found;
  }

  return {
    async local(original, signal) {
      signal.throwIfAborted();
      const found = await usable(original.session_id);
      signal.throwIfAborted();
      if (found) return found;
      let work = underWay.get(original.session_id);
      if (!work) {
        const stop = new AbortController();
        const result = fetch(original, stop.signal);
        work = { result, askers: new Set(), stop };
        const forget = () => {
          if (underWay.get(original.session_id)?.stop === stop) underWay.delete(original.session_id);
        };
        stop.signal.addEventListener('abort', forget);
        result.then(forget, forget);
        underWay.set(original.session_id, work);
      }
      return waitFor(work, signal);
    },
  };

  /** The download stops when the last of those who wait for it has given up. */
  async function waitFor(
    work: { result: Promise<Known>; askers: Set<AbortSignal>; stop: AbortController },
    signal: AbortSignal,
  ): Promise<Known> {
    work.askers.add(signal);
    const leave = Promise.withResolvers<never>();
    const gaveUp = () => {
      work.askers.delete(signal);
      if (work.askers.size === 0) work.stop.abort(signal.reason);
      leave.reject(signal.reason);
    };
    signal.addEventListener('abort', gaveUp, { once: true });
    try {
      return await Promise.race([work.result, leave.promise]);
    } finally {
      signal.removeEventListener('abort', gaveUp);
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
