import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { factsStage } from '../../../../../src/kinds/scan/stages/facts/stage.ts';
import { fileOf, utf16 } from '../file-of.ts';

const factsOf = async (name: string, content: string | Uint8Array) => {
  const report = await factsStage.look(await fileOf(name, content));
  expect(report.findings).toEqual([]);
  return report.facts;
};

type Value = string | readonly (readonly [number, number])[] | { directory: number };

/** A TIFF of directories of entries: text, ratios, or the place of another directory. */
function tiffOf(
  directories: readonly (readonly (readonly [tag: number, value: Value])[])[],
  little: boolean,
): Buffer {
  const file = Buffer.alloc(2000);
  const u16 = (value: number, at: number) =>
    little ? file.writeUInt16LE(value, at) : file.writeUInt16BE(value, at);
  const u32 = (value: number, at: number) =>
    little ? file.writeUInt32LE(value, at) : file.writeUInt32BE(value, at);
  file.write(little ? 'II*\0' : 'MM\0*', 'latin1');
  u32(8, 4);
  let free = 1000;
  for (const [index, entries] of directories.entries()) {
    const from = 8 + 200 * index;
    u16(entries.length, from);
    for (const [entry, [tag, value]] of entries.entries()) {
      const at = from + 2 + 12 * entry;
      u16(tag, at);
      if (typeof value === 'string') {
        u16(2, at + 2);
        u32(value.length + 1, at + 4);
        if (value.length < 4) file.write(value, at + 8);
        else {
          u32(free, at + 8);
          file.write(value, free);
          free += value.length + 1;
        }
      } else if ('directory' in value) {
        u16(4, at + 2);
        u32(1, at + 4);
        u32(8 + 200 * value.directory, at + 8);
      } else {
        u16(5, at + 2);
        u32(value.length, at + 4);
        u32(free, at + 8);
        for (const [over, under] of value) {
          u32(over, free);
          u32(under, free + 4);
          free += 8;
        }
      }
    }
  }
  return file;
}

const camera = (little: boolean) =>
  tiffOf(
    [
      [
        [0x010f, 'Example'],
        [0x0110, 'X1'],
        [0x8769, { directory: 1 }],
        [0x8825, { directory: 2 }],
      ],
      [[0x9003, '2024:01:02 03:04:05']],
      [
        [1, 'S'],
        [
          2,
          [
            [33, 1],
            [30, 1],
            [36, 1],
          ],
        ],
        [3, 'E'],
        [
          4,
          [
            [151, 1],
            [0, 1],
            [0, 1],
          ],
        ],
      ],
    ],
    little,
  );
const expected = {
  make: 'Example',
  model: 'X1',
  taken: '2024:01:02 03:04:05',
  latitude: -33.51,
  longitude: 151,
};

const jpegOf = (tiff: Buffer) => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(tiff.length + 8);
  const frame = Buffer.from('ffc0000b0800100020010111000000', 'hex');
  return Buffer.concat([
    Buffer.from('ffd8ffe1', 'hex'),
    length,
    Buffer.from('Exif\0\0'),
    tiff,
    frame,
    Buffer.alloc(40),
  ]);
};

test.each([true, false])('what a camera wrote, with its place, little endian: %s', async (little) => {
  expect(await factsOf('a.tif', camera(little))).toMatchObject({ exif: expected });
  expect(await factsOf('a.jpg', jpegOf(camera(little)))).toMatchObject({
    exif: expected,
    dimensions: { width: 32, height: 16 },
  });
  const png = Buffer.concat([
    Buffer.from('89504e470d0a1a0a0000000d49484452000000030000000208060000', 'hex'),
    Buffer.from('eXIf'),
    camera(little),
  ]);
  expect(await factsOf('a.png', png)).toMatchObject({ exif: expected, dimensions: { width: 3, height: 2 } });
});

test('directories that lead anywhere are read as far as they go', async () => {
  const whole = jpegOf(camera(true));
  await fc.assert(
    fc.asyncProperty(fc.nat(900), fc.uint8Array({ minLength: 4, maxLength: 4 }), async (at, noise) => {
      const damaged = Buffer.from(whole);
      damaged.set(noise, 12 + at);
      await factsOf('a.jpg', damaged);
    }),
  );
});

test('addresses are listed so that nobody follows them', async () => {
  const content =
    'See https://www.example.com/a.html?b=1, (http://198.51.100.7:8080/x) and ftp://files.example.net. ' +
    'Not http://www.w3.org/2000/svg, nor example.org, nor https://.';
  const addresses = {
    urls: [
      'hxxps://www[.]example[.]com/a.html?b=1',
      'hxxp://198[.]51[.]100[.]7:8080/x',
      'fxp://files[.]example[.]net',
    ],
    domains: ['www[.]example[.]com', '198[.]51[.]100[.]7', 'files[.]example[.]net'],
  };
  expect(await factsOf('a.txt', content)).toEqual({ addresses });
  expect(await factsOf('a.txt', utf16(content))).toEqual({ addresses });
  const inBytes = Buffer.concat([Buffer.from([0, 1, 2]), utf16(content, ''), Buffer.from([0, 0xff])]);
  expect(await factsOf('a.bin', inBytes)).toEqual({ addresses });
  expect(await factsOf('a.txt', 'nothing')).toBeUndefined();
});

test('of many addresses some are listed, and it says so', async () => {
  const content = Array.from({ length: 1000 }, (_, index) => `https://h${index}.example.com/`).join('\n');
  const facts = (await factsOf('a.txt', content)) as {
    addresses: { urls: string[]; domains: string[]; more: boolean };
  };
  expect(facts.addresses.urls).toHaveLength(200);
  expect(facts.addresses.domains).toHaveLength(100);
  expect(facts.addresses.more).toBe(true);
});

test.each([
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
])('addresses of two bytes a character, %i bytes before and %i behind', async (before, behind) => {
  const text = utf16('see http://files.example.com/a ');
  const bytes = Buffer.concat([Buffer.alloc(before, 1), text, Buffer.alloc(40_000 + behind, 1)]);
  expect(await factsOf('notes.bin', bytes)).toMatchObject({
    addresses: { urls: ['hxxp://files[.]example[.]com/a'] },
  });
});
