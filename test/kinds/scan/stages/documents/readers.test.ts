import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { utf16 } from '../../../../../src/kinds/scan/documents/bytes.ts';
import {
  packageName,
  readOle10Native,
  readOlePackage,
} from '../../../../../src/kinds/scan/documents/ole-package.ts';
import { programsIn, whatRuns } from '../../../../../src/kinds/scan/documents/payload.ts';
import { readPptObjects } from '../../../../../src/kinds/scan/documents/ppt-objects.ts';
import { isRemote } from '../../../../../src/kinds/scan/documents/remote.ts';
import { xmlEvents, xmlText } from '../../../../../src/kinds/scan/documents/xml.ts';
import { ZipParts } from '../../../../../src/kinds/scan/documents/zip-parts.ts';
import { ole10Native, olePackage, program } from '../../support/compound.ts';
import { fileOf } from '../../support/memory-file.ts';
import { zipOf } from '../../support/zip.ts';

test('XML is read by tags whatever their prefix, quotes and entities', () => {
  const xml = `<?xml version="1.0"?><!-- <a x="no"/> --><p:a P:Target='x&#x41;&amp;"'/><b>t&lt;<![CDATA[<c>]]></b><d e="f`;
  const events = [...xmlEvents(xml)].map((event) =>
    event.kind === 'open'
      ? [event.name, ...event.attributes]
      : event.kind === 'text'
        ? event.text
        : `/${event.name}`,
  );
  expect(events).toEqual([['a', ['target', 'xA&"']], ['b'], 't<', '<c>', '/b', ['d']]);
});

test('XML is read in UTF-16, of either order', () => {
  const text = '<a b="ü"/>';
  const little = Buffer.from(text, 'utf16le');
  const big = Buffer.from(little).swap16();
  const marked = (mark: number[], bytes: Buffer) => Buffer.concat([Buffer.from(mark), bytes]);
  for (const bytes of [
    little,
    big,
    marked([0xff, 0xfe], little),
    marked([0xfe, 0xff], big),
    Buffer.from(text),
  ]) {
    expect(xmlText(bytes)).toBe(text);
  }
});

test('parts of a ZIP are read by its directory, with something before it, and without it', () => {
  const zip = zipOf([
    { name: 'a.xml', bytes: 'first' },
    { name: 'b.xml', bytes: 'second', method: 0 },
  ]);
  const read = (bytes: Buffer) => {
    const parts = new ZipParts(fileOf('zip', bytes));
    const texts = parts.parts.map((part) => Buffer.from(parts.read(part) ?? []).toString());
    return { texts, problems: parts.problems.length };
  };
  expect(read(zip)).toEqual({ texts: ['first', 'second'], problems: 0 });
  expect(read(Buffer.concat([Buffer.alloc(99, 1), zip]))).toEqual({
    texts: ['first', 'second'],
    problems: 0,
  });
  expect(read(zip.subarray(0, zip.length - 60))).toEqual({ texts: ['first', 'second'], problems: 1 });
});

test('a large document is read part by part', () => {
  const zip = zipOf([
    { name: 'a.mp4', bytes: Buffer.alloc(40 * 1024 ** 2), method: 0 },
    { name: 'b.xml', bytes: 'text' },
  ]);
  const file = { ...fileOf('ooxml', zip), bytes: () => Buffer.from('all bytes at once') };
  const parts = new ZipParts(file);
  expect(parts.parts.map(({ name }) => name)).toEqual(['a.mp4', 'b.xml']);
  expect(Buffer.from(parts.read(parts.parts[1] as never) ?? []).toString()).toBe('text');
  expect(parts.problems).toEqual([]);
});

test('many parts that unpack to much are not unpacked one after the other without end', () => {
  const zeros = Buffer.alloc(33 * 1024 ** 2);
  const zip = zipOf([{ name: 'a', bytes: zeros }]);
  const names = Array.from({ length: 8 }, (_, index) => index);
  const parts = new ZipParts(fileOf('zip', zip));
  for (const _ of names) parts.read(parts.parts[0] as never);
  expect(parts.problems.filter((problem) => problem.includes('all parts'))).toHaveLength(4);
});

test('a package is known by its shape, and keeps what there is of it', () => {
  const whole = olePackage('a.exe', 'content');
  expect(readOlePackage(whole)).toMatchObject({ label: 'a.exe', cutOff: false });
  expect(readOlePackage(whole.subarray(0, whole.length - 4))).toMatchObject({ cutOff: true });
  expect(readOlePackage(Buffer.from('\x02\0\x01binary\0x\0', 'latin1'))).toBeNull();
  const stream = readOle10Native(ole10Native('C:/x/b.txt', 'hello'));
  expect([packageName(stream), Buffer.from(stream.data).toString()]).toEqual(['b.txt', 'hello']);
  expect(Buffer.from(readOle10Native(Buffer.from('\x04\0\0\0\x01\x02\x03\x04', 'latin1')).data)).toHaveLength(
    4,
  );
});

test.each([
  ['a.txt', program, 'program'],
  ['a.exe ', 'x', 'program'],
  ['invoice.pdf.vbs', 'x', 'script'],
  ['a.txt', '@echo off\r\ndir', 'script'],
  ['a.txt', '\xff\xfen\0e\0w\0 \0A\0c\0t\0i\0v\0e\0X\0O\0b\0j\0e\0c\0t\0(\0"\0', 'script'],
  ['a.lnk', '', 'shortcut'],
  ['a.txt', 'A program begins with MZ. Scripts call CreateObject, says this text.', null],
  ['photo.jpg', '\xff\xd8\xff', null],
])('%s of %j is a %s', (name, content, expected) => {
  expect(whatRuns(name, Buffer.from(content as string, 'latin1'))).toBe(expected);
});

test('programs are found where a header follows, not by two letters', () => {
  const bytes = Buffer.concat([Buffer.from('MZ MZ MZ'), program, Buffer.alloc(10), program]);
  expect(programsIn(bytes)).toEqual([8, 8 + program.length + 10]);
});

test.each([
  ['file:///C:/a', false],
  ['file://localhost/a', false],
  ['file:///etc/passwd', false],
  ['file:////host/a', true],
  ['file:\\\\host\\a', true],
  ['file://host/a', true],
  ['\\\\?\\C:\\a', false],
  ['\\\\?\\UNC\\host\\a', true],
  ['%5C%5Chost%5Ca', true],
  ['../a.docx', false],
  ['webdav://host/a', true],
])('%s is remote: %s', (target, expected) => expect(isRemote(target)).toBe(expected));

test('objects of a presentation are found in containers, packed and not', () => {
  const record = (head: number, type: number, content: Buffer) => {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt16LE(head);
    bytes.writeUInt16LE(type, 2);
    bytes.writeUInt32LE(content.length, 4);
    return Buffer.concat([bytes, content]);
  };
  const packed = Buffer.concat([Buffer.from([5, 0, 0, 0]), deflateSync('inner')]);
  const inner = Buffer.concat([record(0x10, 0x1011, packed), record(0, 0x1011, Buffer.from('plain'))]);
  const { objects, cutOff } = readPptObjects(record(0xf, 1000, inner));
  expect(objects.map(({ content }) => Buffer.from(content ?? []).toString())).toEqual(['inner', 'plain']);
  expect(cutOff).toBe(false);
  expect(readPptObjects(inner.subarray(0, inner.length - 1)).cutOff).toBe(true);
});

test('text of two bytes a character is read by the one function that leaves an odd byte away', () => {
  const bytes = Buffer.alloc(1024, 'a');
  for (let length = 9; length < 1000; length += 16)
    expect(utf16(bytes.subarray(1, 1 + length))).toHaveLength(length >> 1);
  // Any other reading of an odd length at an odd place damages the memory of the process (Node.js 24.21).
  const folder = fileURLToPath(new URL('../../../../../src/kinds/scan/', import.meta.url));
  const others = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && name !== join('documents', 'bytes.ts'))
    .filter((name) => /toString\(\s*'(?:utf-?16le|ucs-?2)'/.test(readFileSync(join(folder, name), 'utf8')));
  expect(others).toEqual([]);
});
