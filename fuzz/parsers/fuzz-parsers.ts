import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { processesOf } from '../../stack/processes/processes-of.ts';
import { keptMemory, memoryOf } from './memory.ts';
import { mutate } from './mutate.ts';

export interface Seed {
  name: string;
  bytes: Uint8Array;
}

/** What a kind contributes: files to be changed, and what opens them as a worker does. */
export interface FuzzTarget {
  seeds(folder: string): Promise<readonly Seed[]>;
  open(folder: string, atOnce: number): Promise<Opened>;
}

export interface Opened {
  /**
   * Shows a file to every parser.
   * @returns what is known to happen, in a few words that are counted
   * @throws whatever is not known to happen
   */
  show(path: string, name: string): Promise<readonly string[]>;
  /** Child processes that are alive now. */
  pids(): number[];
  /** Resident memory above which a child is replaced after a task, MiB. */
  childMb: number;
  close(): Promise<void>;
}

export interface ParserFuzzing {
  folder: string;
  inputs: number;
  seed: number;
  atOnce: number;
  say(line: string): void;
}

/**
 * Shows changed files to the parsers of a kind, in its real child processes.
 * @returns a line for each thing found that must not be: an answer that is none, a child that is left, memory that is kept
 */
export async function fuzzParsers(target: FuzzTarget, fuzzing: ParserFuzzing): Promise<string[]> {
  const { folder, inputs, seed, atOnce, say } = fuzzing;
  const seeds = await target.seeds(folder);
  const opened = await target.open(folder, atOnce);
  const random = xoroshiro128plus(seed);
  const found: string[] = [];
  const known = new Map<string, number>();
  // What is loaded and filled once is there after a tenth; more after that is kept.
  const early = Math.ceil(inputs / 10);
  const began = performance.now();
  const memory = () => memoryOf(opened.pids());
  let before = memory();
  let next = 0;
  let shown = 0;

  const one = async (): Promise<void> => {
    for (let n = next++; n < inputs; n = next++) {
      const { name, bytes } = seeds[uniformInt(random, 0, seeds.length - 1)] as Seed;
      const path = join(folder, `input-${n}`);
      writeFileSync(
        path,
        mutate(
          random,
          bytes,
          seeds.map((other) => other.bytes),
        ),
      );
      try {
        for (const what of await opened.show(path, name)) known.set(what, (known.get(what) ?? 0) + 1);
        rmSync(path);
      } catch (error) {
        found.push(`input ${n}, made of ${name}: ${(error as Error).message}`);
      }
      if (++shown === early) before = memory();
      if (shown % 500 === 0) say(`${shown} of ${inputs}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, one));
    if (opened.pids().length > atOnce)
      found.push(`${opened.pids().length} child processes for ${atOnce} at once`);
    const after = memory();
    found.push(...keptMemory(before, after, opened.childMb));
    say(`${inputs} files in ${Math.round((performance.now() - began) / 1000)} s`);
    for (const [when, { own, largestChild }] of Object.entries({
      [`after ${early}`]: before,
      'at the end': after,
    }))
      say(`memory ${when}: ${own} MiB here, ${largestChild} MiB in the largest child`);
  } finally {
    await opened.close();
  }
  const left = processesOf(folder);
  if (left.length > 0) found.push(`child processes left: ${left.map(({ pid }) => pid).join(', ')}`);
  for (const [what, times] of [...known].sort(([, one], [, other]) => other - one)) say(`${times} × ${what}`);
  return found;
}
