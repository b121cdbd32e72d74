import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openOriginalCache } from '../../../src/activities/originals/original-cache.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'doubletake-test-cache-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const never = new AbortController().signal;
const original = (session_id: string) => ({
  session_id,
  original_key: `originals/${session_id}`,
  bytes: 4,
  sha256: null,
});

function cacheOf(maxBytes = 1000) {
  const downloads: string[] = [];
  let fail = false;
  const cache = openOriginalCache({
    folder,
    maxBytes,
    async download(key, path, { signal }) {
      downloads.push(key);
      writeFileSync(path, 'ha');
      await sleep(20, undefined, { signal });
      if (fail) throw new Error('the line broke');
      writeFileSync(path, 'half');
      return { bytes: 4, sha256: 'abc' };
    },
  });
  return { cache, downloads, breakLine: (broken: boolean) => (fail = broken) };
}

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
  expect(readdirSync(join(folder, `originals-${process.pid}`))).toEqual([]);
  breakLine(false);
  expect(readFileSync((await cache.local(original('s1'), never)).path, 'utf8')).toBe('half');
});

test('one who gives up does not stop the download for the others', async () => {
  const { cache, downloads } = cacheOf();
  const impatient = new AbortController();
  const first = cache.local(original('s1'), impatient.signal);
  const second = cache.local(original('s1'), never);
  impatient.abort(new Error('cancelled'));
  await expect(first).rejects.toThrow('cancelled');
  expect((await second).sha256).toBe('abc');
  expect(downloads).toHaveLength(1);
});

test('the least recently used file makes room', async () => {
  const { cache, downloads } = cacheOf(8);
  await cache.local(original('s1'), never);
  await sleep(5);
  await cache.local(original('s2'), never);
  await sleep(5);
  await cache.local(original('s1'), never);
  await sleep(5);
  await cache.local(original('s3'), never);
  expect(readdirSync(join(folder, `originals-${process.pid}`)).sort()).toEqual(['s1', 's3']);
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
