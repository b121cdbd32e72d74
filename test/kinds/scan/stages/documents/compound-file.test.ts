import { expect, test } from '@jest/globals';
import CFB from 'cfb';
import fc from 'fast-check';
import { CompoundFile } from '../../../../../src/kinds/scan/documents/compound-file.ts';
import { compoundOf } from '../../support/compound.ts';

const seed = Date.now() % 2 ** 31;

test('what the library cfb writes is read as it was, small streams and large ones', () => {
  const name = fc.stringMatching(/^[A-Za-z]{1,12}$/);
  const path = fc.tuple(name, name).map(([storage, stream]) => `${storage}/${stream}x`);
  const streams = fc.dictionary(path, fc.uint8Array({ maxLength: 9000 }), {
    minKeys: 1,
    maxKeys: 8,
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(streams, (content) => {
      const byName = new Map(
        Object.entries(content).map(([key, value]) => [key.toLowerCase(), { key, value }]),
      );
      const file = new CompoundFile(
        compoundOf(Object.fromEntries([...byName.values()].map(({ key, value }) => [key, value]))),
      );
      for (const { key, value } of byName.values()) {
        const entry = file.find(key);
        expect(entry && Buffer.from(file.read(entry))).toEqual(Buffer.from(value));
      }
      expect(file.problems).toEqual([]);
    }),
    { numRuns: 30, seed },
  );
});

test('a file that ends early says so, wherever it ends', () => {
  const whole = compoundOf({ 'A/large': Buffer.alloc(20_000, 7), 'A/small': Buffer.alloc(100, 8) });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: whole.length - 1024 }), (length) => {
      let file: CompoundFile;
      try {
        file = new CompoundFile(whole.subarray(0, length));
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
        return;
      }
      for (const stream of file.streams()) file.read(stream);
      const streams = file.streams().filter(({ name }) => name === 'large' || name === 'small');
      expect(file.problems.length > 0 || streams.length < 2).toBe(true);
    }),
    { numRuns: 60, seed },
  );
});

/** A table in which half the sectors lead to the beginning of one long chain. */
function joinedChains(sectors: number): Buffer {
  const tables = Math.ceil(sectors / 128);
  const file = Buffer.alloc(512 * (sectors + 1));
  (CFB.write(CFB.utils.cfb_new(), { type: 'buffer' }) as Buffer).copy(file, 0, 0, 512);
  file.writeInt32LE(tables, 44);
  file.writeInt32LE(tables, 48);
  for (const at of [60, 68]) file.writeInt32LE(-2, at);
  for (const at of [64, 72]) file.writeInt32LE(0, at);
  for (let index = 0; index < 109; index++) file.writeInt32LE(index < tables ? index : -1, 76 + 4 * index);
  const middle = Math.floor(sectors / 2);
  for (let sector = 0; sector < sectors; sector++) {
    const next = sector < middle ? middle : sector + 1 < sectors ? sector + 1 : -2;
    file.writeInt32LE(next, 512 + 4 * sector);
  }
  return file;
}

test('chains that join, or lead in a circle, are followed once and no further than the file is long', () => {
  const file = joinedChains(13_000);
  expect(new CompoundFile(file).streams()).toEqual([]);
  // The last sector of the chain leads back to its beginning.
  file.writeInt32LE(6500, 512 + 4 * 12_999);
  expect(new CompoundFile(file).streams()).toEqual([]);
});

test('streams that share their sectors are read only so far', () => {
  const file = Buffer.from(
    compoundOf(Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`s${at}`, Buffer.alloc(5000)]))),
  );
  const sound = new CompoundFile(file);
  const directory = 512 * (1 + file.readUInt32LE(48));
  // Every entry of the first sectors of the directory says that it begins at sector 0 and is as large as can be.
  for (let at = directory + 128; at + 128 <= file.length && file.readUInt16LE(at + 64) > 0; at += 128) {
    file.writeUInt32LE(0, at + 116);
    file.writeUInt32LE(0x7fffffff, at + 120);
  }
  const hostile = new CompoundFile(file);
  let read = 0;
  for (const stream of hostile.streams()) read += hostile.read(stream).length;
  expect(sound.problems).toEqual([]);
  expect(hostile.problems.length).toBeGreaterThan(0);
  expect(read).toBeLessThan(10 * file.length);
});
