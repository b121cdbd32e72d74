import { readdirSync, readFileSync } from 'node:fs';

/** Processes whose environment has this text, e.g. `DOUBLETAKE_SCRATCH=/tmp/run-1`. Linux only. */
export function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && environmentOf(name)?.includes(text))
    .map(Number);
}

function environmentOf(pid: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    // Ended meanwhile, or somebody else's.
    return undefined;
  }
}
