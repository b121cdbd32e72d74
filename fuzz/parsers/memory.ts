import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { residentBytes } from '../../src/media/child/resident-bytes.ts';

const MiB = 1024 ** 2;

/** What this process, which stands for the worker, and the children have in use between files, MiB. */
export interface Memory {
  own: number;
  largestChild: number;
}

/** After a collection of garbage, so that only what is kept counts. */
export function memoryOf(pids: readonly number[]): Memory {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { heapUsed, external } = process.memoryUsage();
  const children = pids.map((pid) => residentBytes(pid) / MiB);
  return { own: Math.round((heapUsed + external) / MiB), largestChild: Math.round(Math.max(0, ...children)) };
}

/** What a process may have grown by and still count as one that keeps nothing: caches fill, and heaps have slack. */
const SLACK = 32;

/**
 * @param most what a child may have before it is replaced, MiB
 * @returns a line for each process that has kept memory
 */
export function keptMemory(before: Memory, after: Memory, most: number): string[] {
  return [
    ...(after.own > before.own + SLACK
      ? [`this process has kept memory: ${before.own} MiB, then ${after.own}`]
      : []),
    ...(after.largestChild > most
      ? [
          `a child process has ${after.largestChild} MiB after its last file; it should have been replaced above ${most}`,
        ]
      : []),
  ];
}
