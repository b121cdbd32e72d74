import { createHash } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FileType } from '../../../../src/kinds/scan/analysis/stage.ts';
import { trailingPieces } from '../../../../src/kinds/scan/stages/trailing/pieces.ts';
import { trailing } from '../../../../src/kinds/scan/stages/trailing/stage.ts';
import { trailing as unpacker } from '../../../../src/kinds/scan/unpack/trailing/unpacker.ts';
import {
  bmpOf,
  elfOf,
  gifOf,
  isoOf,
  jpegOf,
  mp4Of,
  pdfOf,
  peOf,
  pngOf,
  riffOf,
  shortcutOf,
} from '../support/media.ts';
import { fileOf } from '../support/memory-file.ts';
import { MemorySink } from '../support/memory-sink.ts';
import { packed } from '../support/pack.ts';
import { tarOf } from '../support/tar.ts';
import { zipOf } from '../support/zip.ts';

const noise = (length: number) => createHash('shake256', { outputLength: length }).digest();
const zip = zipOf([{ name: 'a.txt', bytes: 'hello' }]);
const script = 'powershell -enc SQBFAFgA # and so on\n';

const look = async (type: FileType, ...parts: (Uint8Array | string)[]) => {
  const bytes = Buffer.concat(parts.map((part) => Buffer.from(part as string, 'latin1')));
  const { findings } = await trailing.look(fileOf(type, bytes));
  return { findings, ids: findings.map(({ id }) => id) };
};

const formats: [FileType, () => Buffer | Promise<Buffer>][] = [
  ['jpeg', jpegOf],
  ['png', pngOf],
  ['gif', gifOf],
  ['bmp', bmpOf],
  ['webp', () => riffOf('WEBP')],
  ['wav', () => riffOf('WAVE')],
  ['mp4', mp4Of],
  ['pdf', pdfOf],
  ['rtf', () => Buffer.from('{\\rtf1 {\\b a\\}} }')],
  ['zip', () => zip],
  ['lnk', shortcutOf],
  ['pe', peOf],
  ['elf', elfOf],
  ['iso', isoOf],
  ['tar', () => tarOf([{ name: 'a', bytes: 'hello' }]).subarray(0, -1024)],
  ['gzip', () => Buffer.concat([gzipSync('hello'), gzipSync('there')])],
  ['zstd', () => zstdCompressSync(noise(300_000))],
  ['7z', () => packed('7z', { 'a.txt': 'hello' })],
  ['xz', () => packed('xz', { 'a.txt': 'hello' })],
];

test.each(formats)('the end of a %s is found, and what stands behind it', async (type, make) => {
  const whole = await make();
  const behind = type === 'tar' ? Buffer.concat([Buffer.alloc(1024), peOf()]) : peOf();
  expect(await trailingPieces(fileOf(type, whole))).toEqual([]);
  const pieces = await trailingPieces(fileOf(type, Buffer.concat([whole, behind])));
  expect(pieces.at(-1)).toEqual({
    offset: whole.length + behind.length - peOf().length,
    length: peOf().length,
    what: 'program',
  });
});

test.each<[FileType, Buffer]>([
  ['jpeg', jpegOf()],
  ['png', pngOf()],
  ['gif', gifOf()],
  ['mp4', mp4Of()],
  ['pdf', pdfOf()],
])('a program, an archive or a script behind a %s is suspicious', async (type, whole) => {
  expect((await look(type, whole, peOf())).ids).toEqual(['trailing.program']);
  expect((await look(type, whole, zip)).ids).toEqual(['trailing.archive']);
  expect((await look(type, whole, script)).ids).toEqual(['trailing.script']);
  // Bytes before it hide nothing.
  expect((await look(type, whole, '\0\0\r\n', peOf())).ids).toEqual(['trailing.program']);
  expect((await look(type, whole, noise(100), peOf())).ids).toContain('trailing.program');
  expect((await look(type, whole, noise(100), zip)).ids).toContain('trailing.archive');
});

test.each<[string, FileType, (Uint8Array | string)[]]>([
  ['a newline after IEND', 'png', [pngOf(), '\r\n']],
  ['zero padding', 'jpeg', [jpegOf(), Buffer.alloc(512)]],
  ['a motion photo', 'jpeg', [jpegOf(), mp4Of()]],
  ['several pictures', 'jpeg', [jpegOf(), Buffer.alloc(3), jpegOf(), jpegOf()]],
  ['a second revision of a PDF', 'pdf', [pdfOf(), pdfOf().subarray(9)]],
  ['a comment of a ZIP', 'zip', [zipOf([{ name: 'a' }], { comment: 'packed by hand' })]],
  ['a disc that is padded', 'iso', [isoOf(), Buffer.alloc(150 * 2048)]],
  ['a record of a TAR', 'tar', [tarOf([{ name: 'a' }]), Buffer.alloc(8192)]],
  ['a description with a bracket', 'jpeg', [jpegOf({ comment: '<x:xmpmeta xmlns:x="adobe:ns:meta/">' })]],
])('%s is clean', async (_, type, parts) => {
  expect((await look(type, ...parts)).ids).toEqual([]);
});

test('what programs carry behind themselves is told, and is no alarm', async () => {
  expect((await look('pe', peOf(), zip)).ids).toEqual(['trailing.overlay']);
  expect((await look('shell', '#!/bin/sh\nexit 0\n', zip)).ids).toEqual(['trailing.self-extracting']);
  const signed = peOf({ certificate: `\x00\x02\0\0\0\x02\x02\0${'s'.repeat(504)}` });
  expect((await look('pe', signed)).ids).toEqual([]);
  expect((await look('pe', signed, peOf())).ids).toEqual(['trailing.overlay']);
});

test('what no one knows is a note', async () => {
  for (const type of ['jpeg', 'pdf'] as const) {
    const whole = type === 'jpeg' ? jpegOf() : pdfOf();
    expect((await look(type, whole, noise(3000))).ids).toEqual(['trailing.data']);
    expect((await look(type, whole, 'a line of text\n')).ids).toEqual(['trailing.text']);
  }
});

test('behind archives programs and archives are suspicious', async () => {
  expect((await look('iso', isoOf(), peOf())).ids).toEqual(['trailing.behind-archive']);
  expect((await look('gzip', gzipSync('hello'), zip)).ids).toContain('trailing.behind-archive');
  expect((await look('7z', await packed('7z', { 'a.txt': 'x' }), script)).ids).toEqual([
    'trailing.behind-archive',
  ]);
});

test('behind another picture, or a film, there may be more', async () => {
  const { findings } = await look('jpeg', jpegOf(), jpegOf(), mp4Of(), peOf());
  const offset = 2 * jpegOf().length + mp4Of().length;
  expect(findings).toMatchObject([{ id: 'trailing.program', offset }]);
});

test.each<[string, FileType, Buffer]>([
  ['PHP in a comment', 'jpeg', jpegOf({ comment: "<?php @system($_GET['c']); ?>" })],
  ['PHP in a text chunk', 'png', pngOf({ tEXt: 'Comment\0<?php eval(1);' })],
  ['a script of a page', 'gif', gifOf('<ScRiPt >alert(1)</script>')],
])('%s is found within a picture', async (_, type, bytes) => {
  const { findings } = await look(type, bytes);
  expect(findings).toMatchObject([{ id: 'trailing.code-inside', offset: bytes.indexOf('<') }]);
});

test('a picture that is a script, a document that is a ZIP, a picture around an archive', async () => {
  const gif = gifOf('*/=1;alert(1)');
  gif.write('/*', 6);
  expect((await look('gif', gif)).ids).toEqual(['trailing.script-polyglot']);
  // The end of the document lies in the comment of the ZIP.
  const inner = zipOf([{ name: 'run.exe', bytes: 'MZ' }], { comment: pdfOf().toString('latin1').slice(9) });
  expect((await look('pdf', '%PDF-1.7\n', inner)).ids).toEqual(['trailing.zip-polyglot']);
  const rar = Buffer.from('Rar!\x1a\x07\x01\0and so on', 'latin1');
  expect((await look('png', pngOf({ prVt: rar }))).ids).toEqual(['trailing.archive-inside']);
  // What says no end of its own.
  expect((await look('mp3', 'ID3\x04', noise(3000), peOf())).ids).toEqual(['trailing.program-inside']);
  expect((await look('mp3', 'ID3\x04', noise(3000), zip)).ids).toEqual(['trailing.zip-polyglot']);
});

test('what is found becomes a child, at its place', async () => {
  const sink = new MemorySink();
  await unpacker.unpack(fileOf('gif', Buffer.concat([gifOf(), zip])), sink, []);
  expect(sink.children).toMatchObject([
    { offset: gifOf().length, size: zip.length, ended: true, note: 'after the end of the picture' },
  ]);
  expect(sink.children[0]?.bytes.equals(zip)).toBe(true);
});

test('whatever bytes of a file are changed or missing, it is no failure', async () => {
  const samples = await Promise.all(
    formats.map(async ([type, make]) => ({ type, bytes: Buffer.concat([await make(), zip, peOf()]) })),
  );
  const changes = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), {
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...samples), changes, fc.nat(), async ({ type, bytes }, at, cut) => {
      const changed = Buffer.from(bytes.subarray(0, bytes.length - (cut % bytes.length)));
      for (const [place, value] of at) changed[Math.floor(place * (changed.length - 1))] = value;
      await trailing.look(fileOf(type, changed));
    }),
    { numRuns: 400 },
  );
});
