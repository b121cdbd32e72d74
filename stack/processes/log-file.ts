import { existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const keepBytes = 20 * 1024 * 1024;

/**
 * Opens a log to append to. The child gets the file itself, not a pipe through us, so that neither its words nor
 * its life depend on a supervisor that may be killed. One old file is kept when it has grown large.
 */
export function openLogFile(path: string): number {
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path) && statSync(path).size > keepBytes) renameSync(path, `${path}.1`);
  return openSync(path, 'a');
}

/** What was written to the log since byte `from`. */
export function readLog(path: string, from = 0): string {
  try {
    return readFileSync(path).subarray(from).toString('utf8');
  } catch {
    return '';
  }
}

export function logSize(path: string): number {
  return existsSync(path) ? statSync(path).size : 0;
}

export function tailOf(text: string, lines = 15): string {
  const all = text.trimEnd().split('\n');
  return all.slice(-lines).join('\n');
}
