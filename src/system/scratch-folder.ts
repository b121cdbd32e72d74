import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { identify } from './process-identity.ts';

/**
 * An empty folder for as long as `work` takes.
 * @param scratch the worker's folder
 * @param kind whose files they are, in the folder's name
 */
export async function inScratchFolder<T>(
  scratch: string,
  kind: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  await mkdir(scratch, { recursive: true });
  const folder = await mkdtemp(join(scratch, scratchPrefix(kind, process.pid)));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Removes the folders of processes of this machine that were killed. Whether a process of another machine, or container,
 * that shares the folder is alive cannot be told from here.
 * @returns what could not be removed; no work needs any of it, so that is no reason to stop
 */
export async function removeLeftovers(scratch: string, kind: string): Promise<string[]> {
  const mine = `${kind}-${hostname()}-`;
  const stayed: string[] = [];
  for (const name of await readdir(scratch).catch(() => [])) {
    const pid = name.startsWith(mine) ? Number(/^(\d+)-/.exec(name.slice(mine.length))?.[1]) : 0;
    if (!pid || name.startsWith(scratchPrefix(kind, pid))) continue;
    await rm(join(scratch, name), { recursive: true, force: true }).catch(() => stayed.push(name));
  }
  return stayed;
}

/** By the machine, the process and when it was started: in a container the next process has the same id. */
export function scratchPrefix(kind: string, pid: number): string {
  const started = identify(pid)?.started.replaceAll(/\W+/g, '-') ?? 'gone';
  return `${kind}-${hostname()}-${pid}-${started}-`;
}
