import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PdfDocument } from '../../../../../src/kinds/scan/documents/pdf/document.ts';
import { decodeStream } from '../../../../../src/kinds/scan/documents/pdf/filters.ts';
import { surveyPdf } from '../../../../../src/kinds/scan/documents/pdf/survey.ts';
import { PdfSyntax } from '../../../../../src/kinds/scan/documents/pdf/syntax.ts';
import {
  type PdfDict,
  PdfName,
  PdfRef,
  PdfStream,
  PdfString,
} from '../../../../../src/kinds/scan/documents/pdf/values.ts';
import { packedPdfOf, pageOf, pdfOf, streamOf } from '../../support/documents.ts';

const seed = Date.now() % 2 ** 31;
const parse = (text: string) => new PdfSyntax(Buffer.from(text, 'latin1'), 0).value();

test('values are read as ISO 32000 7.3 has them, and as readers forgive', () => {
  expect(parse('[1 -2 +3.5 .25 4. --6 true false null]')).toEqual([
    1,
    -2,
    3.5,
    0.25,
    4,
    -6,
    true,
    false,
    null,
  ]);
  expect(parse('/A#42#20C')).toEqual(new PdfName('AB C'));
  expect(parse('[1 0 R 2 3]')).toEqual([new PdfRef(1, 0), 2, 3]);
  expect(parse('(a\\(b\\)(c)\\101\\n\\\r\nd)')).toEqual(new PdfString('a(b)(c)A\nd'));
  expect(parse('<48 65 6c6C 6>')).toEqual(new PdfString('Hell`'));
  expect((parse('<</A<</B[<</C 1>>]>>%x\n/D/E>>') as PdfDict).get('D')).toEqual(new PdfName('E'));
  expect((parse('<< /A 1 /B endobj') as PdfDict).get('A')).toBe(1);
  expect(new PdfString('\xfe\xff\0a\xd8=\xde\0').text).toBe('a😀');
});

const decoded = (filter: string, bytes: Buffer, parameters = '') => {
  const dict = parse(`<< /Filter ${filter} ${parameters} >>`) as PdfDict;
  const found = decodeStream(new PdfStream(dict, bytes, false), (value) => value, 100_000);
  return found && Buffer.from(found);
};

test('filters are undone, alone and one after the other', () => {
  expect(decoded('/ASCIIHexDecode', Buffer.from('48 65 6C 6>'))?.toString()).toBe('Hel`');
  expect(decoded('/ASCII85Decode', Buffer.from('87cURD]i,"Ebo80~>'))?.toString()).toBe('Hello World!');
  expect(decoded('/RunLengthDecode', Buffer.from([2, 97, 98, 99, 254, 100, 128]))?.toString()).toBe('abcddd');
  // The example of ISO 32000, 7.4.4.2.
  const lzw = Buffer.from([0x80, 0x0b, 0x60, 0x50, 0x22, 0x0c, 0x0c, 0x85, 0x01]);
  expect(decoded('/LZWDecode', lzw)).toEqual(Buffer.from([45, 45, 45, 45, 45, 65, 45, 45, 45, 66]));
  expect(decoded('[/AHx /RL]', Buffer.from('0061808 0>'))?.toString()).toBe('a');
  expect(decoded('/Unknown', Buffer.from('x'))).toBeNull();
});

test('long texts packed by LZW are read back, over every width of code', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 9000 }), (bytes) => {
      expect(decoded('/LZWDecode', lzwOf(bytes))).toEqual(Buffer.from(bytes));
    }),
    { numRuns: 20, seed },
  );
});

test('a stream that unpacks to more than is asked for is given up', () => {
  const bomb = streamOf('', Buffer.alloc(200_000));
  const raw = bomb.subarray(bomb.indexOf('stream\n') + 7, bomb.lastIndexOf('\nendstream'));
  expect(decoded('/FlateDecode', raw)).toBeNull();
});

/** A plain encoder of LZW, as PDF has it, with codes that grow one early. */
function lzwOf(bytes: Uint8Array): Buffer {
  let bits = '';
  let table = new Map<string, number>();
  let width = 9;
  const put = (code: number) => {
    bits += code.toString(2).padStart(width, '0');
  };
  put(256);
  let current = '';
  for (const byte of bytes) {
    const next = current + String.fromCharCode(byte);
    if (next.length === 1 || table.has(next)) {
      current = next;
      continue;
    }
    put(current.length === 1 ? current.charCodeAt(0) : (table.get(current) as number));
    table.set(next, 258 + table.size);
    const size = 258 + table.size;
    width = size >= 2048 ? 12 : size >= 1024 ? 11 : size >= 512 ? 10 : 9;
    if (size >= 4094) {
      put(256);
      table = new Map();
      width = 9;
    }
    current = String.fromCharCode(byte);
  }
  put(current.length === 1 ? current.charCodeAt(0) : (table.get(current) as number));
  const after = 259 + table.size;
  width = after >= 2048 ? 12 : after >= 1024 ? 11 : after >= 512 ? 10 : 9;
  put(257);
  return Buffer.from(
    bits
      .padEnd(Math.ceil(bits.length / 8) * 8, '0')
      .match(/.{8}/g)
      ?.map((byte) => Number.parseInt(byte, 2)) ?? [],
  );
}

const labelled = (name: string) => readFileSync(new URL(`../../labelled/files/${name}`, import.meta.url));

test('pdf.js sees the same scripts and attachments', async () => {
  const { pdfjs, worker } = {
    pdfjs: await import('pdfjs-dist/legacy/build/pdf.mjs'),
    // @ts-expect-error It has no types.
    worker: await import('pdfjs-dist/legacy/build/pdf.worker.mjs'),
  };
  Object.assign(globalThis, { pdfjsWorker: worker });
  const action = '<< /S /JavaScript /JS (app.alert\\(1\\)) >>';
  const attachment = {
    6: '<< /F (a.txt) /EF << /F 7 0 R >> >>',
    7: streamOf('/Type /EmbeddedFile', 'hello'),
  };
  const tree =
    '/Names << /EmbeddedFiles << /Names [(a.txt) 6 0 R] >> /JavaScript << /Names [(s) 8 0 R] >> >>';
  const files = [
    labelled('sample.pdf'),
    labelled('test.pdf'),
    pdfOf(pageOf(tree, { ...attachment, 8: action })),
    packedPdfOf(pageOf('/OpenAction 6 0 R', { 6: action }) as Record<number, string>),
    pdfOf(pageOf(tree, { ...attachment, 8: action }), { shift: 3 }),
    ...['rc4-40', 'rc4-128', 'aes-128', 'aes-256-r5', 'aes-256-r6'].map((name) =>
      readFileSync(new URL(`../../fixtures/documents/${name}.pdf`, import.meta.url)),
    ),
  ];
  for (const bytes of files) {
    const task = pdfjs.getDocument({ data: new Uint8Array(bytes), verbosity: 0 });
    const document = await task.promise;
    const names = [...((await document.getAttachments()) ?? new Map()).keys()];
    const attached = await Promise.all(names.map((name) => document.getAttachmentContent(name)));
    const hasScripts = await document.hasJSActions();
    await task.destroy();
    const ours = new PdfDocument(bytes);
    const survey = surveyPdf(ours);
    const contents = survey.files.map(({ stream }) => Buffer.from(ours.contentOf(stream, 10_000) ?? []));
    expect(contents).toEqual(attached.map((content) => Buffer.from(content as Uint8Array)));
    expect(survey.actions.some(({ kind }) => kind === 'JavaScript')).toBe(hasScripts);
  }
});

test('no damage makes it throw, or hides that there is damage from those who ask for the pages', () => {
  const whole = pdfOf(
    pageOf('/OpenAction 6 0 R', { 6: '<< /S /JavaScript /JS 7 0 R >>', 7: streamOf('', 'app.alert(1)') }),
  );
  const change = fc.record({ at: fc.nat(whole.length - 1), byte: fc.nat(255) });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 20 }), fc.nat(whole.length), (changes, length) => {
      const bytes = Buffer.from(whole.subarray(0, length));
      for (const { at, byte } of changes) if (at < bytes.length) bytes[at] = byte;
      const document = new PdfDocument(bytes);
      surveyPdf(document);
      expect(document.root !== null || document.problems.length > 0).toBe(true);
    }),
    { numRuns: 300, seed },
  );
});

test('a document that is cut off within or before an object that is needed has a problem', () => {
  const text =
    '%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]>>\nendobj\n';
  const problems = (end: number) => {
    const document = new PdfDocument(Buffer.from(text.slice(0, end)));
    surveyPdf(document);
    return document.problems;
  };
  expect(problems(text.length)).toEqual([]);
  for (let end = 20; end < text.length - 1; end++) expect([end, problems(end)]).not.toEqual([end, []]);
});
