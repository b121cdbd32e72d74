import { createHash } from 'node:crypto';
import { brotliCompressSync, crc32, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import type { FileType, ScannedFile } from '../../../../src/kinds/scan/analysis/stage.ts';
import { failedInSilence, readComplaints } from '../../../../src/kinds/scan/unpack/archive/messages.ts';
import { archive, lzip, otherContainers } from '../../../../src/kinds/scan/unpack/archive/unpacker.ts';
import { zip } from '../../../../src/kinds/scan/unpack/zip/unpacker.ts';
import { fileAt, fileOf } from '../support/memory-file.ts';
import { MemorySink } from '../support/memory-sink.ts';
import { packed } from '../support/pack.ts';
import { tarOf } from '../support/tar.ts';

const MiB = 1024 ** 2;
/** What `xz --format=lzma` makes of 20 times `hello `; its end is marked, as lzip wants it. */
const lzma = 'XQAAgAD//////////wA0GUnujelaVXYuK///+8VAAA==';
const fixture = (name: string) => fileAt('rar', new URL(`../fixtures/${name}`, import.meta.url));

/** An entry of a CPIO, as `newc` has it. */
function cpio(name: string, bytes: string, mode = 0o100644): Buffer {
  const fields = [1, mode, 0, 0, 1, 0, bytes.length, 0, 0, 0, 0, name.length + 1, 0];
  const head = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}${name}\0`;
  const padded = (text: string) => text.padEnd(Math.ceil(text.length / 4) * 4, '\0');
  return Buffer.from(padded(head) + padded(bytes), 'latin1');
}

async function unpack(file: ScannedFile, { passwords = [] as string[], sink = new MemorySink() } = {}) {
  return { sink, report: await archive.unpack(file, sink, passwords) };
}

test.each<[FileType, string, string, ...string[]]>([
  ['7z', '7z', 'a.txt'],
  ['tar', 'tar', 'a.txt'],
  ['gzip', 'gzip', 'a.txt'],
  ['bzip2', 'bzip2', 'sample~'],
  ['xz', 'xz', 'sample~'],
])('a %s is opened', async (type, format, name) => {
  const { sink, report } = await unpack(fileOf(type, await packed(format, { 'a.txt': 'hello' })));
  expect(report).toMatchObject({ findings: [], incomplete: [] });
  expect(sink.children).toMatchObject([{ name, size: 5, ended: true }]);
  expect(sink.text(name)).toBe('hello');
});

test.each<[FileType, string]>([
  ['gzip', 'gzip'],
  ['bzip2', 'bzip2'],
  ['xz', 'xz'],
])('the streams of a %s are given together, and each by itself', async (type, format) => {
  const [one, two] = [await packed(format, { a: 'hello ' }), await packed(format, { a: 'there' })];
  const { sink, report } = await unpack(fileOf(type, Buffer.concat([one, two])));
  expect(report.incomplete).toEqual([]);
  expect(sink.children.map(({ bytes }) => bytes.toString())).toEqual(['hello there', 'hello ', 'there']);
  expect(sink.children[2]).toMatchObject({ offset: one.length, note: 'stream 2 of 2, by itself' });
  // As many are blocks of one file.
  const many = await unpack(fileOf(type, Buffer.concat(Array.from({ length: 40 }, () => one))));
  expect(many.sink.children).toHaveLength(33);
  expect(many.sink.children[0]).toMatchObject({ size: 240 });
  expect(many.report.incomplete).toEqual([
    'It has more than 32 streams; those after them were looked at only all together.',
  ]);
});

test('the frames of a zstd are, too', async () => {
  const frames = [zstdCompressSync('hello '), zstdCompressSync('there')];
  const { sink } = await unpack(fileOf('zstd', Buffer.concat(frames)));
  expect(sink.children.map(({ bytes }) => bytes.toString())).toEqual(['hello there', 'hello ', 'there']);
});

test('neither a large first stream nor marks within it hide the second', async () => {
  const large = gzipSync(createHash('shake256', { outputLength: 17 * MiB }).digest(), { level: 0 });
  const marks = gzipSync(Buffer.from('1f8b0800000000000003'.repeat(100), 'hex'), { level: 0 });
  for (const first of [large, marks]) {
    const { sink, report } = await unpack(fileOf('gzip', Buffer.concat([first, gzipSync('there')])));
    expect(report.incomplete).toEqual([]);
    expect(sink.children).toHaveLength(3);
    expect(sink.children[2]).toMatchObject({ size: 5, offset: first.length });
  }
});

test('once a limit is reached no further stream is unpacked', async () => {
  const bomb = gzipSync(Buffer.alloc(20 * MiB));
  const sink = new MemorySink({}, { containerBytes: 3 * bomb.length, keeps: false });
  await unpack(fileOf('gzip', Buffer.concat([gzipSync('hello'), bomb, bomb])), { sink });
  expect(sink.reached).toBe('ratio');
  expect(sink.children).toHaveLength(1);
});

test('containers that have no type of their own are told by their marks', async () => {
  const sink = new MemorySink();
  const wim = fileOf('data', await packed('wim', { 'a.txt': 'hello' }));
  expect(await otherContainers.unpack(wim, sink, [])).toMatchObject({ findings: [], incomplete: [] });
  expect(sink.text('a.txt')).toBe('hello');

  const image = Buffer.alloc(8192);
  image.write('conectix', image.length - 512);
  expect((await otherContainers.unpack(fileOf('data', image), sink, [])).incomplete).not.toEqual([]);
  const ace = Buffer.from('\x12\x34\x31\0\0\0\x90**ACE**and so on', 'latin1');
  expect((await otherContainers.unpack(fileOf('data', ace), sink, [])).incomplete).toEqual([
    'It is an archive by ACE, which cannot be opened.',
  ]);
  expect((await otherContainers.unpack(fileOf('data', 'nothing known'), sink, [])).incomplete).toEqual([]);
});

test.each<[string, () => Buffer | Promise<Buffer>]>([
  ['a.txt.zz', () => deflateSync('hello '.repeat(10_000))],
  ['a.txt.br', () => brotliCompressSync('hello '.repeat(10_000))],
  ['a.txt.lzma', async () => Buffer.from(lzma, 'base64')],
  ['without extension', async () => Buffer.from(lzma, 'base64')],
])('%s is decompressed, though it has no mark', async (name, make) => {
  const bytes = await make();
  const sink = new MemorySink();
  expect((await otherContainers.unpack(fileOf('data', bytes, name), sink, [])).incomplete).toEqual([]);
  expect(sink.children).toHaveLength(1);
  expect(sink.children[0]?.bytes.toString()).toMatch(/^(?:hello )+$/);
  expect(sink.children[0]?.ended).toBe(true);
  const cut = fileOf('data', bytes.subarray(0, -6), name);
  expect((await otherContainers.unpack(cut, new MemorySink(), [])).incomplete).toHaveLength(1);
});

test('an lzip is opened as LZMA, each of its members', async () => {
  const dictionary = 23;
  const data = Buffer.from(lzma, 'base64').subarray(13);
  const trailer = Buffer.alloc(20);
  trailer.writeBigUInt64LE(BigInt(6 + data.length + 20), 12);
  const member = Buffer.concat([Buffer.from('LZIP\x01', 'latin1'), Buffer.from([dictionary]), data, trailer]);
  const sink = new MemorySink();
  const two = fileOf('lzip', Buffer.concat([member, member]), 'a.txt.lz');
  expect((await lzip.unpack(two, sink, [])).incomplete).toEqual([]);
  expect(sink.children).toMatchObject([{ name: 'a.txt' }, { name: 'a.txt' }]);
  for (const { bytes } of sink.children) expect(bytes.toString()).toMatch(/^(?:hello )+$/);
  expect((await lzip.unpack(fileOf('lzip', member.subarray(1)), sink, [])).incomplete).toHaveLength(1);
});

test.each([
  '(This file must be converted with BinHex 4.0)',
  'ArC\x01',
  'BZ3v1',
  'bvx2',
  'StuffIt!',
  'RZIP',
  'KGB_arch',
  'SZ\n\x04',
  '!BDN',
  '\x02\x21\x4c\x18',
])('what begins with %j cannot be opened, and is incomplete', async (mark) => {
  const bytes = Buffer.concat([Buffer.from(mark, 'latin1'), Buffer.from('01000000', 'hex')]);
  const report = await otherContainers.unpack(fileOf('data', bytes), new MemorySink(), []);
  expect(report.incomplete).toEqual([expect.stringMatching(/^It is an archive by .+ cannot be opened/)]);
});

test('bytes by chance are no container', async () => {
  const incomplete: string[] = [];
  for (let n = 0; n < 2000; n++) {
    const bytes = createHash('shake256', { outputLength: 400 }).update(String(n)).digest();
    incomplete.push(
      ...(await otherContainers.unpack(fileOf('data', bytes), new MemorySink(), [])).incomplete,
    );
  }
  expect(incomplete).toEqual([]);
});

test('a RAR is opened, with the names of its folders', async () => {
  const { sink, report } = await unpack(fixture('test.rar'));
  expect(sink.names).toEqual(['hidden/lorem-hidden.txt', 'hidden/lorem-readonly.txt', 'lorem.txt']);
  expect(report.incomplete).toEqual([]);
});

test('names stay as they stand, and files of one name are kept apart', async () => {
  const names = [
    'a.txt',
    'b/a.txt',
    'c/a.txt',
    '../up.txt',
    't ',
    't /t .cmd',
    'x\ny',
    '..\\w.txt',
    '日本.txt',
  ];
  const tar = tarOf(names.map((name) => ({ name, bytes: `in ${Buffer.from(name).toString('hex')}` })));
  const { sink } = await unpack(fileOf('tar', tar));
  expect(sink.names).toEqual(names);
  for (const name of names) expect(sink.text(name)).toBe(`in ${Buffer.from(name).toString('hex')}`);
});

test('links are listed, and a file through one is a child like others', async () => {
  const tar = tarOf([
    { name: 'link', link: '/etc/passwd' },
    { name: 'link/x', bytes: 'x' },
  ]);
  const { sink, report } = await unpack(fileOf('tar', tar));
  expect(sink.names).toEqual(['link/x']);
  expect(report.findings.map(({ id }) => id)).toEqual(['names.link-out', 'names.through-link']);
  expect(report.incomplete).toEqual([]);
});

test('a file that a 7z or a CPIO calls a symbolic link is not passed over', async () => {
  const code = "new ActiveXObject('WScript.Shell').Run('calc')";
  const sevenZip = await packed('7z', { 'a.js': code }, '-mx=0', '-mhc=off');
  // The attributes of its one file, and then the checksums of the headers.
  const attributes = sevenZip.lastIndexOf(Buffer.from('150601', 'hex')) + 4;
  sevenZip.writeUInt32LE(((0o120777 << 16) | 0x8020) >>> 0, attributes);
  sevenZip.writeUInt32LE(crc32(sevenZip.subarray(32 + sevenZip.readUInt32LE(12))), 28);
  sevenZip.writeUInt32LE(crc32(sevenZip.subarray(12, 32)), 8);
  expect((await unpack(fileOf('7z', sevenZip))).report.incomplete).toEqual([
    '"a.js" is not empty, but 7-Zip gives nothing of it.',
  ]);
  const link = Buffer.concat([cpio('a.js', code, 0o120777), cpio('b', '../lib/b.so.1', 0o120777)]);
  const { report } = await unpack(fileOf('cpio', Buffer.concat([link, cpio('TRAILER!!!', '')])));
  expect(report.incomplete).toEqual([
    '"a.js" is a link, but what it holds is no path, and was not looked at.',
  ]);
});

test('512 MB of zeros out of 20 KB cost little memory, and nothing is kept of what was handed on', async () => {
  const before = process.memoryUsage().rss;
  let most = before;
  const sink = new MemorySink({}, { keeps: false });
  const written = sink.meter.written.bind(sink.meter);
  sink.meter.written = (bytes) => {
    most = Math.max(most, process.memoryUsage().rss);
    written(bytes);
  };
  await unpack(fixture('test_big.rar'), { sink });
  expect(sink.children).toMatchObject([{ name: 'test_big.zero', size: 512_000_000, ended: true }]);
  expect(most - before).toBeLessThan(300 * MiB);
});

test('at a limit it stops at once, and what it gave by then counts', async () => {
  const sink = new MemorySink({}, { containerBytes: 20_848, keeps: false });
  await unpack(fixture('test_big.rar'), { sink });
  expect(sink.reached).toBe('ratio');
  expect(sink.children).toMatchObject([{ size: 16 * MiB, ended: false }]);

  const few = new MemorySink({ children: 2 });
  const { report } = await unpack(fixture('test.rar'), { sink: few });
  expect(few.reached).toBe('children');
  expect(few.children.map(({ ended }) => ended)).toEqual([true, true]);
  expect(report.facts).toMatchObject({ archive: { entries: 4 } });
});

test('what needs more memory than is allowed is incomplete', async () => {
  const sevenZip = await packed('7z', { 'a.txt': 'hello' }, '-m0=lzma', '-mhc=off');
  // LZMA's properties, the last four bytes of which are the size of the dictionary; then the two checksums.
  sevenZip.writeUInt32LE(2 ** 30, sevenZip.lastIndexOf(Buffer.from('030101055d', 'hex')) + 5);
  sevenZip.writeUInt32LE(crc32(sevenZip.subarray(32 + sevenZip.readUInt32LE(12))), 28);
  sevenZip.writeUInt32LE(crc32(sevenZip.subarray(12, 32)), 8);
  const { report } = await unpack(fileOf('7z', sevenZip));
  expect(report.incomplete).toEqual(['It needs more memory than is allowed.']);
});

test.each([
  ['test_password.rar', '3 entries are encrypted, and no known password opens them.'],
  [
    'test_password_encrypted_headers.rar',
    'Its list of entries is encrypted, and no known password opens it.',
  ],
])('%s is incomplete without its password, and with a wrong one', async (name, reason) => {
  for (const passwords of [[], ['wrong']]) {
    const { sink, report } = await unpack(fixture(name), { passwords });
    expect(sink.children).toEqual([]);
    expect(report.incomplete).toEqual([reason]);
    expect(report.password).toBeUndefined();
  }
});

test('the password that opens is said', async () => {
  for (const name of ['test_password.rar', 'test_password_encrypted_headers.rar']) {
    const { sink, report } = await unpack(fixture(name), { passwords: ['wrong', 'password'] });
    expect(sink.children.length).toBeGreaterThan(0);
    expect(report).toMatchObject({ incomplete: [], password: 'password' });
  }
  const hidden = await packed('7z', { 'a.txt': 'hello' }, '-pinfected', '-mhe=on');
  expect((await unpack(fileOf('7z', hidden))).report.incomplete).toEqual([
    'Its list of entries is encrypted, and no known password opens it.',
  ]);
  const { sink, report } = await unpack(fileOf('7z', hidden), { passwords: ['x', 'infected'] });
  expect(report.password).toBe('infected');
  expect(sink.text('a.txt')).toBe('hello');
});

test('a password is found without unpacking all of a bomb for each', async () => {
  const bomb = await packed('zip', { 'a.bin': Buffer.alloc(80 * MiB) }, '-psecret', '-mem=AES256');
  const sink = new MemorySink({}, { containerBytes: bomb.length, keeps: false });
  const report = await zip.unpack(fileOf('zip', bomb), sink, ['wrong', 'secret']);
  expect(sink.reached).toBe('ratio');
  expect(report.password).toBe('secret');
});

test('what follows the end of a format whose end only 7-Zip knows is a child, unless it is padding', async () => {
  const end = cpio('TRAILER!!!', '');
  const first = Buffer.concat([cpio('a.txt', 'hello'), end]);
  const second = Buffer.concat([cpio('b.txt', 'there'), end]);
  const two = await unpack(fileOf('cpio', Buffer.concat([first, Buffer.alloc(512), second])));
  expect(two.report.incomplete).toEqual([]);
  expect(two.sink.names).toEqual(['a.txt', `after-end-at-${first.length + 512}`]);
  expect(two.sink.children[1]).toMatchObject({ bytes: second, offset: first.length + 512, ended: true });
  const padded = await unpack(fileOf('cpio', Buffer.concat([first, Buffer.alloc(512)])));
  expect(padded.report.incomplete).toEqual([]);
  expect(padded.sink.names).toEqual(['a.txt']);

  const bzip2 = Buffer.concat([await packed('bzip2', { a: 'hello' }), Buffer.from('and something else')]);
  expect((await unpack(fileOf('bzip2', bzip2))).report.incomplete).toEqual([
    'Something follows its end, and was not looked at.',
  ]);
});

test('an exit code that 7-Zip does not explain is incomplete, one that it does is not twice', () => {
  const silent = (code: number | null, messages: string[]) =>
    failedInSilence(code, messages, readComplaints(messages));
  expect(silent(0, [])).toBe(false);
  expect(silent(2, [])).toBe(true);
  expect(silent(2, ['something that is no error'])).toBe(true);
  expect(silent(2, ['ERROR: Data Error : a'])).toBe(false);
  expect(silent(2, ['ERROR: Cannot create symbolic link : a : b'])).toBe(false);
  expect(silent(2, ['ERROR: Wrong password : a'])).toBe(false);
  // It broke off, which is said otherwise.
  expect(silent(null, [])).toBe(false);
});

test('what is cut off or damaged is incomplete, with what was read', async () => {
  const noise = createHash('shake256', { outputLength: 6000 }).digest();
  const gzip = gzipSync(noise);
  const cut = await unpack(fileOf('gzip', gzip.subarray(0, gzip.length - 500)));
  expect(cut.report.incomplete).toEqual([expect.stringMatching(/cut off|damaged/)]);
  expect(cut.sink.children).toMatchObject([{ ended: false }]);
  expect(cut.sink.children[0]?.size).toBeGreaterThan(0);

  const tar = tarOf([
    { name: 'a', bytes: 'a' },
    { name: 'b', bytes: noise },
  ]);
  const half = await unpack(fileOf('tar', tar.subarray(0, 3000)));
  expect(half.sink.children).toMatchObject([
    { name: 'a', ended: true },
    { name: 'b', ended: false },
  ]);
  expect(half.report.incomplete).toContain('The archive is cut off.');

  for (const type of ['7z', 'rar', 'cab', 'iso', 'xar', 'lzh'] as const) {
    const { report } = await unpack(fileOf(type, noise));
    expect(report.incomplete).not.toEqual([]);
  }
});

test('whatever byte of an archive is damaged, it is no failure', async () => {
  const whole = await packed('7z', { 'a.txt': 'hello '.repeat(100), 'b.txt': 'there' });
  for (let at = 0; at < whole.length; at += 5) {
    const damaged = Buffer.from(whole);
    damaged[at] = ~(damaged[at] as number);
    await unpack(fileOf('7z', damaged));
  }
});
