import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openOriginalCache } from '../../../src/activities/originals/original-cache.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'doubletake-test-cache-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const never = new AbortController().signal;
const original = (session_id: string, bytes = 4) => ({
  session_id,
  original_key: `originals/${session_id}`,
  bytes,
  sha256: null,
});
/** An activity: asks, and ends. */
const asker = () => new AbortController().signal;

function cacheOf(maxBytes = 1000) {
  const downloads: string[] = [];
  const atEnds = new Map<AbortSignal, () => void>();
  let fail = false;
  /** What lay there when each download began. */
  const seen: string[][] = [];
  const cache = openOriginalCache({
    folder,
    maxBytes,
    atEnd: (signal, release) => (signal === never ? release() : atEnds.set(signal, release)),
    async download(key, path, { signal }) {
      downloads.push(key);
      seen.push(kept());
      writeFileSync(path, 'ha');
      await sleep(20, undefined, { signal });
      if (fail) throw new Error('the line broke');
      writeFileSync(path, 'half');
      return { bytes: 4, sha256: 'abc' };
    },
  });
  const end = (signal: AbortSignal) => atEnds.get(signal)?.();
  return { cache, downloads, seen, end, breakLine: (broken: boolean) => (fail = broken) };
}

/** The sessions whose files, whole or not, are on the disk. */
const kept = () =>
  readdirSync(join(folder, `originals-${hostname()}-${process.pid}`))
    .map((name) => name.replace(/\..*/, ''))
    .sort();

test('many who ask at once share one download', async () => {
  const { cache, downloads } = cacheOf();
  const found = await Promise.all([1, 2, 3].map(() => cache.local(original('s1'), never)));
  await cache.local(original('s1'), never);
  expect(downloads).toHaveLength(1);
  expect(found.map(({ path }) => readFileSync(path, 'utf8'))).toEqual(['half', 'half', 'half']);
});

test('a download that broke leaves nothing, and the next one is whole', async () => {
  const { cache, breakLine } = cacheOf();
  breakLine(true);
  await expect(cache.local(original('s1'), never)).rejects.toThrow('the line broke');
  expect(kept()).toEqual([]);
  breakLine(false);
  expect(readFileSync((await cache.local(original('s1'), never)).path, 'utf8')).toBe('half');
});

test('one who gives up does not stop the download for the others', async () => {
  const { cache, downloads } = cacheOf();
  const impatient = new AbortController();
  const first = cache.local(original('s1'), impatient.signal);
  const second = cache.local(original('s1'), asker());
  impatient.abort(new Error('cancelled'));
  await expect(first).rejects.toThrow('cancelled');
  expect((await second).sha256).toBe('abc');
  expect(downloads).toHaveLength(1);
});

test('the least recently used file makes room', async () => {
  const { cache, downloads, seen } = cacheOf(8);
  for (const name of ['s1', 's2']) await cache.local(original(name), never);
  // In the same millisecond, too.
  await Promise.all(['s2', 's1'].map((name) => cache.local(original(name), never)));
  await cache.local(original('s3'), never);
  expect(seen[2]).toEqual(['s1']);
  expect(kept()).toEqual(['s1', 's3']);
  await cache.local(original('s2'), never);
  expect(downloads).toHaveLength(4);
});

test('a file that was cut short behind our back is downloaded again', async () => {
  const { cache, downloads } = cacheOf();
  const { path } = await cache.local(original('s1'), never);
  writeFileSync(path, 'x');
  expect(readFileSync((await cache.local(original('s1'), never)).path, 'utf8')).toBe('half');
  expect(downloads).toHaveLength(2);
});

test('room is made for downloads under way together', async () => {
  const { cache } = cacheOf(12);
  for (const name of ['s1', 's2', 's3']) await cache.local(original(name), never);
  await Promise.all(['s4', 's5'].map((name) => cache.local(original(name), never)));
  expect(kept()).toEqual(['s3', 's4', 's5']);
});

test('a file larger than the limit has the place to itself', async () => {
  const { cache, seen } = cacheOf(12);
  for (const name of ['s1', 's2']) await cache.local(original(name), never);
  await cache.local(original('large', 100), never);
  expect(seen[2]).toEqual([]);
  expect(kept()).toEqual(['large']);
});

test('a file that an activity has in use stays until it ends', async () => {
  const { cache, end } = cacheOf(8);
  const [first, second] = [asker(), asker()];
  const { path } = await cache.local(original('s1'), first);
  await cache.local(original('s1'), second);
  await cache.local(original('s2'), never);
  end(first);
  await cache.local(original('s3'), never);
  expect(kept()).toEqual(['s1', 's3']);
  await cache.local(original('large', 100), never);
  expect(readFileSync(path, 'utf8')).toBe('half');
  end(second);
  await cache.local(original('s4'), never);
  expect(kept()).toEqual(['large', 's4']);
});

test('what another machine keeps in the same folder stays, whatever its process is called', async () => {
  const theirs = join(folder, `originals-other-machine-${process.pid}`, 'in-use.1');
  mkdirSync(dirname(theirs));
  writeFileSync(theirs, 'in use');
  await cacheOf().cache.local(original('s1'), never);
  expect(readFileSync(theirs, 'utf8')).toBe('in use');
});

test('what a process of the same id left is removed', async () => {
  const home = join(folder, `originals-${hostname()}-${process.pid}`);
  mkdirSync(home);
  writeFileSync(join(home, 'left.1'), 'left');
  await cacheOf().cache.local(original('s1'), never);
  expect(kept()).toEqual(['s1']);
});
