import { createHash } from 'node:crypto';
import { crc32, deflateRawSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Trials } from '../../../../src/kinds/scan/unpack/trials.ts';
import { EntryReader } from '../../../../src/kinds/scan/unpack/zip/entry-reader.ts';
import { zip } from '../../../../src/kinds/scan/unpack/zip/unpacker.ts';
import { fileOf } from '../support/memory-file.ts';
import { MemorySink } from '../support/memory-sink.ts';
import { packed } from '../support/pack.ts';
import { zipOf } from '../support/zip.ts';

const noise = (length: number) => createHash('shake256', { outputLength: length }).digest();

async function unpack(bytes: Uint8Array, { passwords = [] as string[], sink = new MemorySink() } = {}) {
  const report = await zip.unpack(fileOf('zip', bytes), sink, passwords);
  return { sink, report, ids: report.findings.map(({ id }) => id) };
}

test('an ordinary ZIP gives its files and nothing else', async () => {
  const bytes = zipOf(
    [
      { name: 'docs/', method: 0 },
      { name: 'docs/a.txt', bytes: 'hello' },
      { name: 'b.bin', bytes: noise(3_000_000), method: 0 },
      { name: 'c.bin', bytes: Buffer.alloc(5_000_000) },
      { name: 'empty', bytes: '', method: 0 },
    ],
    { comment: 'packed by hand' },
  );
  const { sink, report } = await unpack(bytes);
  expect(report).toMatchObject({ findings: [], incomplete: [] });
  expect(sink.children.map(({ name, size, ended }) => [name, size, ended])).toEqual([
    ['docs/a.txt', 5, true],
    ['b.bin', 3_000_000, true],
    ['c.bin', 5_000_000, true],
    ['empty', 0, true],
  ]);
});

test.each(['Deflate64', 'BZip2', 'LZMA', 'PPMd'])('what %s has packed is read by 7-Zip', async (method) => {
  const bytes = await packed('zip', { 'a.txt': 'hello '.repeat(1000) }, `-mm=${method}`);
  const { sink, report } = await unpack(bytes);
  expect(report).toMatchObject({ findings: [], incomplete: [] });
  expect(sink.text('a.txt')).toBe('hello '.repeat(1000));
});

test.each(['ZipCrypto', 'AES256'])('%s is incomplete without its password', async (method) => {
  const bytes = await packed('zip', { 'a.txt': 'hello' }, `-mem=${method}`, '-pinfected');
  for (const passwords of [[], ['wrong']]) {
    const { sink, report } = await unpack(bytes, { passwords });
    expect(sink.children).toEqual([]);
    expect(report.incomplete).toEqual(['An entry is encrypted, and no known password opens it.']);
  }
  const { sink, report } = await unpack(bytes, { passwords: ['wrong', 'infected'] });
  expect(sink.text('a.txt')).toBe('hello');
  expect(report).toMatchObject({ incomplete: [], password: 'infected' });
});

test('two ZIPs one after the other give the contents of both', async () => {
  const two = Buffer.concat([zipOf([{ name: 'a', bytes: '1' }]), zipOf([{ name: 'b', bytes: '2' }])]);
  const { sink, ids } = await unpack(two);
  expect([sink.text('a'), sink.text('b')]).toEqual(['1', '2']);
  expect(ids).toEqual(['zip.concatenated']);
});

test('a directory that is longer than it says hides nothing', async () => {
  const bytes = zipOf([
    { name: 'a', bytes: '1' },
    { name: 'b', bytes: '2' },
  ]);
  bytes.writeUInt32LE(47, bytes.length - 10);
  const { sink, ids } = await unpack(bytes);
  expect(sink.names).toEqual(['a', 'b']);
  expect(ids).toEqual([]);
});

test('a ZIP in a comment is found, and an end without a directory hides nothing', async () => {
  const inner = zipOf([{ name: 'b', bytes: '2' }]).toString('latin1');
  expect((await unpack(zipOf([{ name: 'a' }], { comment: inner }))).sink.names).toEqual(['a', 'b']);
  const nothing = zipOf([]).toString('latin1');
  const { sink, report } = await unpack(zipOf([{ name: 'a' }], { comment: nothing }));
  expect(sink.names).toEqual(['a']);
  expect(report.incomplete).toEqual([]);
});

test('a ZIP that is stored in another is not opened with it', async () => {
  const inner = zipOf([{ name: 'in' }]);
  const { sink, ids } = await unpack(zipOf([{ name: 'in.zip', bytes: inner, method: 0 }]));
  expect(sink.names).toEqual(['in.zip']);
  expect(ids).toEqual([]);
});

test('data before the first header is a child, and moves nothing', async () => {
  const bytes = Buffer.concat([
    Buffer.from('#!/bin/sh\nexit 0\n'.repeat(5)),
    zipOf([{ name: 'a', bytes: '1' }]),
  ]);
  const { sink, ids } = await unpack(bytes);
  expect(sink.text('a')).toBe('1');
  expect(sink.children[1]).toMatchObject({ size: 85, offset: 0, note: 'before the first file of the ZIP' });
  expect(ids).toEqual(['zip.data-before']);
});

test('a file with two names is found under both', async () => {
  const { sink, ids } = await unpack(zipOf([{ name: 'in.txt', bytes: '1', local: { name: 'run.exe' } }]));
  expect([sink.text('in.txt'), sink.text('run.exe')]).toEqual(['1', '1']);
  expect(ids).toEqual(['zip.name-mismatch']);
});

test('two files of one name are both found', async () => {
  const files = [
    { name: 'a', bytes: '1' },
    { name: 'a', bytes: '2' },
  ];
  const { sink, report } = await unpack(zipOf(files));
  expect(sink.children.map(({ bytes }) => bytes.toString())).toEqual(['1', '2']);
  expect(report.findings).toMatchObject([{ id: 'zip.duplicate-name', evidence: 'a' }]);
});

test('sizes of 0 in the directory hide nothing', async () => {
  for (const method of [0, 8] as const) {
    const bytes = zipOf([{ name: 'a', bytes: 'hello', method, central: { size: 0, compressed: 0, crc: 0 } }]);
    const { sink, ids, report } = await unpack(bytes);
    expect(sink.text('a')).toBe('hello');
    expect(ids).toEqual(['zip.zero-size']);
    expect(report.incomplete).toEqual([]);
  }
});

test('sizes in a record behind the data are found, whatever the directory says', async () => {
  const record = (plain: string, data: Buffer) => {
    const bytes = Buffer.alloc(16);
    bytes.write('PK\x07\x08', 'latin1');
    bytes.writeUInt32LE(crc32(plain), 4);
    bytes.writeUInt32LE(data.length, 8);
    bytes.writeUInt32LE(plain.length, 12);
    return bytes;
  };
  const unknown = { size: 0, compressed: 0, crc: 0 };
  for (const method of [0, 8] as const) {
    const data = method === 0 ? Buffer.from('hello') : deflateRawSync('hello');
    const header = zipOf([{ name: 'a', bytes: '', method: 0, flags: 8, local: { method, ...unknown } }]);
    const front = header.subarray(0, 31);
    const rest = zipOf([{ name: 'b', bytes: 'there' }]);
    // Without a directory of its own: only the header before the data tells of it.
    const { sink } = await unpack(Buffer.concat([front, data, record('hello', data), rest]));
    expect([sink.text('a'), sink.text('b')]).toEqual(['hello', 'there']);
  }
});

test('a file that the directory leaves out is found', async () => {
  const { sink, ids } = await unpack(
    zipOf([
      { name: 'a', bytes: '1' },
      { name: 'b', bytes: '2', central: null },
      { name: 'c', bytes: '3' },
    ]),
  );
  expect(sink.names).toEqual(['a', 'c', 'b']);
  expect(ids).toEqual(['zip.unlisted-entry']);
});

test('headers that disagree on the method, or on encryption, are read by the one that is right', async () => {
  for (const wrong of [{ method: 0 }, { method: 21_000 }, { flags: 1 }]) {
    for (const side of ['local', 'central']) {
      const { sink, ids, report } = await unpack(zipOf([{ name: 'a', bytes: 'hello', [side]: wrong }]));
      expect(sink.text('a')).toBe('hello');
      expect(ids).toEqual(['zip.method-mismatch']);
      expect(report.incomplete).toEqual([]);
    }
  }
});

test('entries that share bytes are incomplete, and what they share is unpacked once', async () => {
  const files = Array.from({ length: 100 }, (_, n) => ({ name: `${n}`, bytes: '', method: 0 as const }));
  const kernel = { name: 'k', bytes: Buffer.alloc(1024 ** 2) };
  const honest = deflateRawSync(kernel.bytes);
  const same = { localAt: 0, compressed: honest.length, size: kernel.bytes.length, method: 8 };
  const bomb = zipOf([kernel, ...files.map((file) => ({ ...file, central: { ...same, name: file.name } }))]);
  const { sink, report } = await unpack(bomb);
  expect(report.incomplete).toContain('Entries of the ZIP overlap: what is shared is unpacked once.');
  expect(sink.meter.bytes).toBeLessThan(2 * 1024 ** 2);
});

test('what is tried only to see how it is to be read is bounded for the whole ZIP', async () => {
  const bomb = Buffer.alloc(30 * 1024 ** 2);
  const unlisted = { name: 'x', bytes: bomb, central: null, local: { crc: 1 } } as const;
  const bytes = zipOf([...Array.from({ length: 6 }, () => unlisted), { name: 'a.txt', bytes: 'hello' }]);
  const trials = new Trials(64 * 1024 ** 2);
  const reader = new EntryReader(
    fileOf('zip', bytes),
    new MemorySink({ children: 3 }, { keeps: false }),
    trials,
  );
  const reading = reader.readUnlisted({ from: 0, to: bytes.length }, true);
  // Beyond it each is given to the sink, whose limits hold.
  await expect(reading).rejects.toThrow('The limit children of 3 was reached.');
  expect(trials.left).toBe(0);
});

test('links are listed, and what they hold is a child as well', async () => {
  const attributes = (0o120777 << 16) >>> 0;
  const link = { name: 'link', bytes: '/etc/passwd', central: { attributes } };
  const program = { name: 'no-link', bytes: 'MZ\0\0', central: { attributes } };
  const { sink, ids } = await unpack(zipOf([link, program, { name: 'link/x', bytes: 'x' }]));
  expect(sink.names).toEqual(['link', 'no-link', 'link/x']);
  expect(sink.text('link')).toBe('/etc/passwd');
  expect(ids).toEqual(['names.link-out', 'names.through-link']);
});

test('what is cut off or damaged is incomplete, with what was read', async () => {
  const whole = zipOf([
    { name: 'a', bytes: 'hello' },
    { name: 'b', bytes: noise(5000), method: 0 },
  ]);
  const cut = await unpack(whole.subarray(0, 2000));
  expect(cut.sink.children).toMatchObject([
    { name: 'a', ended: true },
    { name: 'b', ended: false },
  ]);
  expect(cut.report.incomplete).toEqual([
    'The directory of the ZIP is missing: it is cut off, or damaged.',
    'The archive is cut off: "b".',
  ]);
  const damaged = Buffer.from(whole);
  damaged[2000] = ~(damaged[2000] as number);
  expect((await unpack(damaged)).report.incomplete).toEqual(['Its checksum is wrong: "b".']);
});

test('at a limit it stops, and still says what it found', async () => {
  const files = Array.from({ length: 20 }, (_, n) => ({ name: `../${n}`, bytes: `${n}` }));
  const sink = new MemorySink({ children: 5 });
  const { ids } = await unpack(zipOf(files), { sink });
  expect([sink.reached, sink.children.length, ids]).toEqual(['children', 5, ['names.traversal']]);

  const bomb = new MemorySink({}, { containerBytes: 1000, keeps: false });
  await unpack(zipOf([{ name: 'zeros', bytes: Buffer.alloc(40_000_000) }]), { sink: bomb });
  expect(bomb.reached).toBe('ratio');
});

test('whatever bytes of a ZIP are changed, it is no failure', async () => {
  const whole = zipOf([
    { name: 'a', bytes: 'hello' },
    { name: 'b/c', bytes: 'there', method: 0 },
    { name: 'd', bytes: noise(100) },
  ]);
  const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(changes, async (at) => {
      const changed = Buffer.from(whole);
      for (const [place, value] of at) changed[place] = value;
      await unpack(changed);
    }),
    { numRuns: 300 },
  );
});
