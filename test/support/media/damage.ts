import { readFile, writeFile } from 'node:fs/promises';

/** The first `share` (0–1) of a file. */
export async function truncated(path: string, share: number, out: string): Promise<void> {
  const bytes = await readFile(path);
  await writeFile(out, bytes.subarray(0, Math.floor(bytes.length * share)));
}

/** A file whose bytes between two shares (0–1) of its length are noise, the same at every run. */
export async function corruptedBetween(path: string, from: number, to: number, out: string): Promise<void> {
  const bytes = await readFile(path);
  let state = 12345;
  for (let i = Math.floor(bytes.length * from); i < Math.floor(bytes.length * to); i++) {
    // A linear congruential generator (Numerical Recipes).
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  await writeFile(out, bytes);
}

export async function zeroBytes(out: string): Promise<void> {
  await writeFile(out, '');
}
