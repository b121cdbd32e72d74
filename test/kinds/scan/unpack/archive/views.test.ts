import { expect, test } from '@jest/globals';
import { unpackArchive } from '../../../../../src/kinds/scan/unpack/archive/unpack-archive.ts';
import { HashingSink, nowhere, without } from '../../../../../src/kinds/scan/unpack/archive/views.ts';
import { give, giveCutOff } from '../../../../../src/kinds/scan/unpack/give.ts';
import { fileOf } from '../../support/memory-file.ts';
import { MemorySink } from '../../support/memory-sink.ts';
import { tarOf } from '../../support/tar.ts';
import { zipOf } from '../../support/zip.ts';

const bytes = (text: string) => Buffer.from(text);

test('of a second view what the first has not is given, whatever its name', () => {
  const sink = new MemorySink();
  const given = new HashingSink(sink);
  give(given, 'a.txt', bytes('hello'));
  giveCutOff(given, 'cut.txt', bytes('half'));

  const second = (into: Parameters<typeof give>[0]) => {
    give(into, 'A.TXT', bytes('hello'));
    give(into, 'a.txt', bytes('HELLO'));
    giveCutOff(into, 'cut.txt', bytes('half'));
  };
  const seen = new HashingSink(nowhere(10, 100));
  second(seen);
  const known = new Set(given.hashes);
  second(without((n) => seen.hashes[n] !== '' && known.has(seen.hashes[n] ?? ''), given));
  expect(sink.children.map((child) => [child.name, child.bytes.toString(), child.ended])).toEqual([
    ['a.txt', 'hello', true],
    ['cut.txt', 'half', false],
    ['a.txt', 'HELLO', true],
    ['cut.txt', 'half', false],
  ]);
  expect(given.bytes).toBe(18);
});

test('what only looks takes so much and no more', () => {
  expect(() => give(nowhere(1, 4), 'a', bytes('hello'))).toThrow('expanded_bytes');
  expect(() => give(nowhere(0, 4), 'a', bytes(''))).toThrow('children');
});

test('both views of a file that 7-Zip opens in two ways are unpacked, and what is the same is given once', async () => {
  const tar = tarOf([
    { name: 'same.txt', bytes: 'hello' },
    { name: 'b.txt', bytes: 'there' },
  ]);
  const zip = zipOf([
    { name: 'same.txt', bytes: 'hello' },
    { name: 'b.txt', bytes: 'other' },
  ]);
  const sink = new MemorySink();
  const file = fileOf('tar', Buffer.concat([tar, zip]));
  await unpackArchive(file, sink, { formats: ['tar', 'zip'], passwords: [], type: 'tar' });
  expect(sink.children.map((child) => [child.name, child.bytes.toString()])).toEqual([
    ['same.txt', 'hello'],
    ['b.txt', 'there'],
    ['b.txt', 'other'],
  ]);
});
