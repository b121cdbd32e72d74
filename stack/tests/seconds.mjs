import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run-jest.mjs';

/** Where `test/support/seconds-reporter.mjs` keeps how long each test file took the last time. */
export const secondsFile = join(root, 'node_modules', '.cache', 'doubletake', 'seconds.json');

/** @type {Record<string, number>} */
const known = existsSync(secondsFile) ? JSON.parse(readFileSync(secondsFile, 'utf8')) : {};

/** What starts processes or servers of its own. */
const heavy = /startSystem\(|startService\(|startOwnServers\(|startServer\(|stack\/start/;

/**
 * Seconds that a test file took the last time; a guess where it never ran here.
 * @param {string} file
 */
export function secondsOf(file) {
  return known[file] ?? (heavy.test(readFileSync(join(root, file), 'utf8')) ? 30 : 1);
}

/** A file that takes longer is never one of the fast ones. */
const LONGEST = 20;

/**
 * The first files that together take no longer than so many seconds, and the others.
 * @param {number} seconds
 * @param {string[]} files
 * @returns {[taken: string[], leftOut: string[]]}
 */
export function within(seconds, files) {
  let sum = 0;
  const taken = files.filter((file) => {
    const fits = secondsOf(file) <= LONGEST && sum + secondsOf(file) <= seconds;
    if (fits) sum += secondsOf(file);
    return fits;
  });
  return [taken, files.filter((file) => !taken.includes(file))];
}
