import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { FileType } from '../../../../src/kinds/scan/analysis/stage.ts';
import { documentUnpackFindings } from '../../../../src/kinds/scan/unpack/document-findings.ts';
import { documentUnpackers } from '../../../../src/kinds/scan/unpack/document-unpackers.ts';
import { compoundOf, ole10Native, olePackage, program } from '../support/compound.ts';
import { pageOf, pdfOf, streamOf } from '../support/documents.ts';
import { fileOf } from '../support/memory-file.ts';
import { MemorySink } from '../support/memory-sink.ts';

async function unpacked(type: FileType, bytes: Uint8Array | string, passwords: string[] = []) {
  const file = fileOf(type, bytes);
  const sink = new MemorySink();
  const unpacker = documentUnpackers.find((candidate) => candidate.opens(file));
  const report = await unpacker?.unpack(file, sink, passwords);
  const ids = report?.findings.map(({ id }) => id) ?? [];
  expect(ids.filter((id) => !documentUnpackFindings[id])).toEqual([]);
  return {
    children: sink.children,
    texts: Object.fromEntries(sink.children.map(({ name, bytes }) => [name, bytes.toString('latin1')])),
    ids,
    ...report,
    incomplete: report?.incomplete ?? [],
  };
}

const labelled = (name: string) => readFileSync(new URL(`../labelled/files/${name}`, import.meta.url));

test('compound files give packages, embedded documents and programs, and no more', async () => {
  const bytes = compoundOf({
    'ObjectPool/_1/\x01Ole10Native': ole10Native('a.txt', 'hello'),
    'ObjectPool/_2/Package': 'PK\x03\x04…',
    'ObjectPool/_3/Other': Buffer.concat([Buffer.alloc(10), program]),
    WordDocument: Buffer.alloc(5000),
  });
  const { texts, incomplete } = await unpacked('doc', bytes);
  expect(Object.keys(texts).sort()).toEqual(['ObjectPool/_2/Package', 'ObjectPool/_3/Other-10.exe', 'a.txt']);
  expect(texts['a.txt']).toBe('hello');
  expect(incomplete).toEqual([]);
});

test('a package that is cut off is kept as that', async () => {
  const cut = ole10Native('a.txt', 'hello').subarray(0, -4);
  const { children, incomplete } = await unpacked('doc', compoundOf({ 'o/\x01Ole10Native': cut }));
  expect(children).toMatchObject([{ name: 'a.txt', ended: false }]);
  expect(incomplete).toHaveLength(1);
});

test('an installer gives its cabinets by their real names, without its tables', async () => {
  const { children } = await unpacked('msi', labelled('test.msi'));
  expect(children.map(({ name, bytes }) => [name, bytes.toString('latin1', 0, 4)])).toEqual([
    ['cab1.cab', 'MSCF'],
  ]);
});

test('RTF gives the file in a package, and other objects as they are', async () => {
  const hex = (className: string, data: Buffer) => {
    const name = Buffer.from(`${className}\0`);
    const numbers = (...values: number[]) => Buffer.from(Uint32Array.from(values).buffer);
    return Buffer.concat([numbers(0x501, 2, name.length), name, numbers(0, 0, data.length), data]).toString(
      'hex',
    );
  };
  const inner = compoundOf({ Workbook: 'x' });
  const rtf = `{\\rtf1{\\object{\\*\\objdata ${hex('Package', olePackage('a.js', 'var a'))}}}{\\object{\\*\\objdata ${hex('Excel.Sheet.8', inner)}}}}`;
  const { texts, incomplete } = await unpacked('rtf', rtf);
  expect(texts).toEqual({ 'a.js': 'var a', 'object-2.ole': inner.toString('latin1') });
  expect(incomplete).toEqual([]);
});

describe('OneNote', () => {
  const store = (content: string, stated = content.length) => {
    const head = Buffer.alloc(36);
    Buffer.from('e716e3bd65261145a4c48d4d0b7a9eac', 'hex').copy(head);
    head.writeBigUInt64LE(BigInt(stated), 16);
    return Buffer.concat([Buffer.alloc(24), head, Buffer.from(content)]);
  };
  const nameOf = (name: string) => {
    const text = Buffer.from(`${name}\0`, 'utf16le');
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    return Buffer.concat([length, text]);
  };

  test('gives every embedded file, and says which is a script', async () => {
    const section = Buffer.concat([store('hello'), store('@echo off\r\ndir')]);
    const { texts, ids } = await unpacked('onenote', section);
    expect(texts).toEqual({ 'embedded-1': 'hello', 'embedded-2': '@echo off\r\ndir' });
    expect(ids).toEqual(['onenote.embedded-script']);
  });

  test('names a single file, and says when it would run by its name', async () => {
    const { texts, ids } = await unpacked('onenote', Buffer.concat([nameOf('open me.hta'), store('<html>')]));
    expect(texts).toEqual({ 'open me.hta': '<html>' });
    expect(ids).toEqual(['onenote.embedded-script']);
  });

  test('keeps what there is of a file that is cut off', async () => {
    const { children, incomplete } = await unpacked('onenote', store('hello', 2 ** 40));
    expect(children).toMatchObject([{ ended: false, size: 5 }]);
    expect(incomplete).toHaveLength(1);
  });

  test('a section without scripts has no finding', async () => {
    const { ids, children } = await unpacked('onenote', labelled('test.one'));
    expect(ids).toEqual([]);
    expect(children.map(({ name }) => name)).toEqual(['test.docx', 'embedded-2']);
  });
});

describe('mails', () => {
  const mail = (parts: string[], boundary = 'b1', stated = boundary) =>
    `From: a@example.invalid\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary="${stated}"\r\n\r\n${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`;
  const attached = (name: string, type: string, content: string, encoding = 'base64') =>
    `Content-Type: ${type}; name="${name}"\r\nContent-Transfer-Encoding: ${encoding}\r\nContent-Disposition: attachment; filename="${name}"\r\n\r\n${content}`;
  const base64 = (content: string | Buffer) => Buffer.from(content as string, 'latin1').toString('base64');

  test('give attachments by every encoding, with the type that is declared', async () => {
    const { texts, children, incomplete } = await unpacked(
      'eml',
      mail([
        'Content-Type: text/html\r\n\r\n<p>hi</p>',
        attached('a.txt', 'text/plain', base64('one')),
        attached('b.txt', 'text/plain', 'tw=6F', 'quoted-printable'),
        attached('c.txt', 'text/plain', 'three', '7bit'),
        attached('d.txt', 'text/plain', 'begin 644 real.txt\r\n$9F]U<@``\r\n`\r\nend', 'x-uuencode'),
        'Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nfive',
      ]),
    );
    expect(texts).toMatchObject({ 'message.html': '<p>hi</p>\n', 'a.txt': 'one', 'b.txt': 'two\n' });
    expect(texts['c.txt']?.trim()).toBe('three');
    expect(texts['real.txt']?.slice(0, 4)).toBe('four');
    expect(texts['message.eml']).toContain('five');
    expect(children.find(({ name }) => name === 'message.eml')?.declaredType).toBe('message/rfc822');
    expect(incomplete).toEqual([]);
  });

  test('say when a program is declared as something else, or attached at all', async () => {
    const of = async (name: string, type: string, content: string | Buffer) =>
      (await unpacked('eml', mail([attached(name, type, base64(content))]))).ids;
    expect(await of('invoice.pdf', 'application/pdf', program)).toEqual(['mail.attachment-type-differs']);
    expect(await of('invoice.pdf.js', 'image/png', 'var a')).toEqual(['mail.attachment-type-differs']);
    expect(await of('setup.exe', 'application/octet-stream', program)).toEqual(['mail.attachment-runs']);
    expect(await of('notes.txt', 'text/plain', 'powershell -Command is a command')).toEqual([]);
    expect(await of('tool.py', 'text/x-python', 'import os')).toEqual([]);
    expect(await of('photo.jpg', 'image/jpeg', '\xff\xd8\xff')).toEqual([]);
  });

  test.each([
    ['a boundary that is not the one in the body', 'other'],
    ['a boundary that is empty', ''],
  ])('are read with %s, and that is said', async (_, stated) => {
    const { texts, incomplete } = await unpacked(
      'eml',
      mail([attached('a.txt', 'text/plain', base64('one'))], 'b1', stated),
    );
    expect(texts['a.txt']).toBe('one');
    expect(incomplete).not.toEqual([]);
  });

  test('that are cut off are incomplete', async () => {
    const whole = mail([attached('a.bin', 'application/octet-stream', base64('x'.repeat(1000)))]);
    const { incomplete, children } = await unpacked('eml', whole.slice(0, -200));
    expect(children.map(({ name }) => name)).toContain('a.bin');
    expect(incomplete).toEqual([expect.stringMatching(/cut off/)]);
  });

  test('are several in a mailbox, and may have something outside their parts', async () => {
    const one = mail([attached('a.txt', 'text/plain', base64('one'))]);
    const two = mail([attached('b.txt', 'text/plain', base64('two'))], 'b2');
    const line = 'From a@example.invalid Mon Jan  1 00:00:00 2024\r\n';
    const box = await unpacked('eml', `${line}${one}\r\n${line}${two}\r\nFrom here on it is text.\r\n`);
    expect(box.texts).toEqual({
      'a.txt': 'one',
      'b.txt': 'two',
      'epilogue.txt': expect.stringContaining('From here on'),
    });
    expect(box).toMatchObject({ incomplete: [], facts: { mails: 2 } });

    const large = `${line}${one}\r\n${line}Subject: x\r\nFrom: a@example.invalid\r\n\r\n${'a\r\n'.repeat(200_000)}`;
    const { children, incomplete } = await unpacked('eml', `${large}${large}`);
    expect(incomplete).toEqual([]);
    expect(children.map(({ name }) => name)).toEqual(['a.txt', 'message.txt', 'a.txt', 'message.txt']);

    const hidden = one.replace('\r\n--b1\r\n', `\r\n${'before '.repeat(100)}\r\n--b1\r\n`);
    const { texts } = await unpacked('eml', `${hidden}after\r\n`);
    expect(texts['preamble.txt']).toContain('before');
    expect(texts['epilogue.txt']?.trim()).toBe('after');
    expect(Object.keys((await unpacked('eml', `${one}\r\n\r\n`)).texts)).toEqual(['a.txt']);
  });

  test('have files in their text, and in a winmail.dat', async () => {
    const text = 'From: a@example.invalid\r\n\r\nSee:\r\nbegin 644 a.txt\r\n#;VYE\r\n`\r\nend\r\n';
    expect((await unpacked('eml', text)).texts['a.txt']).toBe('one');
    const attribute = (id: number, content: string | Buffer) => {
      const head = Buffer.alloc(9);
      head[0] = 2;
      head.writeUInt32LE(id, 1);
      head.writeUInt32LE(content.length, 5);
      return Buffer.concat([head, Buffer.from(content as string, 'latin1'), Buffer.alloc(2)]);
    };
    const tnef = Buffer.concat([
      Buffer.from('789f3e220100', 'hex'),
      attribute(0x69002, 'x'),
      attribute(0x18010, 'setup.exe\0'),
      attribute(0x6800f, program),
    ]);
    const { ids, texts } = await unpacked(
      'eml',
      mail([attached('winmail.dat', 'application/ms-tnef', base64(tnef))]),
    );
    expect(Object.keys(texts)).toEqual(['setup.exe']);
    expect(ids).toEqual(['mail.attachment-runs']);
  });

  test('without attachments give their text', async () => {
    expect((await unpacked('eml', 'From: a@example.invalid\r\nSubject: x\r\n\r\nhello\r\n')).texts).toEqual({
      'message.txt': 'hello\n',
    });
  });
});

test('messages of Outlook give bodies and attachments, those of messages in them as well', async () => {
  const wide = (text: string) => Buffer.from(text, 'utf16le');
  const inner = '__attach_version1.0_#00000001/__substg1.0_3701000D';
  const message = compoundOf({
    '__properties_version1.0': 'x',
    '__substg1.0_0037001F': wide('Invoice'),
    '__substg1.0_1000001F': wide('See the attachment'),
    '__attach_version1.0_#00000000/__substg1.0_3707001F': wide('a long name.exe'),
    '__attach_version1.0_#00000000/__substg1.0_37010102': program,
    '__attach_version1.0_#00000000/__substg1.0_370E001F': wide('application/pdf'),
    '__attach_version1.0_#00000001/__substg1.0_3001001F': wide('inner'),
    [`${inner}/__properties_version1.0`]: 'x',
    [`${inner}/__substg1.0_1000001F`]: wide('inner text'),
    [`${inner}/__attach_version1.0_#00000000/__substg1.0_3704001F`]: wide('b.txt'),
    [`${inner}/__attach_version1.0_#00000000/__substg1.0_37010102`]: 'two',
    [`${inner}/__substg1.0_10090102`]: compressedRtf('{\\rtf1 hello}'),
  });
  const { texts, ids, facts } = await unpacked('msg', message);
  expect(texts).toEqual({
    'message.txt': 'See the attachment',
    'a long name.exe': program.toString('latin1'),
    'inner/message.txt': 'inner text',
    'inner/message.rtf': '{\\rtf1 hello}',
    'inner/b.txt': 'two',
  });
  expect(ids).toEqual(['mail.attachment-type-differs']);
  expect(facts).toEqual({ subject: 'Invoice' });
});

/** MS-OXRTFCP: `{\\rtf1` is taken from what every window begins with, seven literals follow, and the token that ends. */
function compressedRtf(text: string): Buffer {
  const end = (207 + text.length) << 4;
  const head = Buffer.alloc(16);
  head.writeUInt32LE(0x75465a4c, 8);
  return Buffer.concat([
    head,
    Buffer.from([1, 0, 4]),
    Buffer.from(text.slice(6)),
    Buffer.from([1, end >> 8, end & 0xff]),
  ]);
}

describe('PDFs', () => {
  const file = streamOf('/Type /EmbeddedFile /Subtype /text#2Fplain', 'hello');
  const specification = '<< /Type /Filespec /UF (a.txt) /F (a.txt) /EF << /F 7 0 R /UF 7 0 R >> >>';

  test('give attachments of the name tree and of annotations, each once', async () => {
    const tree = pageOf('/Names << /EmbeddedFiles << /Kids [8 0 R] >> >>', {
      6: specification,
      7: file,
      8: '<< /Names [(a.txt) 6 0 R] >>',
    });
    const annotation = pageOf(
      '',
      { 6: `<< /Subtype /FileAttachment /FS ${specification} >>`, 7: file },
      '/Annots [6 0 R]',
    );
    for (const bodies of [tree, annotation]) {
      const { children } = await unpacked('pdf', pdfOf(bodies));
      expect(children).toMatchObject([{ name: 'a.txt', declaredType: 'text/plain', size: 5, ended: true }]);
    }
  });

  test('say that an attachment can not be read', async () => {
    const broken = streamOf('/Type /EmbeddedFile /Filter /FlateDecode', 'no zlib', false);
    const { incomplete, children } = await unpacked(
      'pdf',
      pdfOf(pageOf('', { 6: specification, 7: broken })),
    );
    expect(children).toEqual([]);
    expect(incomplete).toEqual([expect.stringMatching(/a\.txt/)]);
  });

  test('open with one of the passwords that are tried', async () => {
    const locked = readFileSync(new URL('../fixtures/documents/aes-256-password.pdf', import.meta.url));
    expect((await unpacked('pdf', locked)).incomplete).toEqual([expect.stringMatching(/password/)]);
    const { texts, password } = await unpacked('pdf', locked, ['infected', 'secret']);
    expect(password).toBe('secret');
    expect(texts).toEqual({ 'a.bat': '@echo off\n' });
  });
});
