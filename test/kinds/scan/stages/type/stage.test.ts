import { expect, test } from '@jest/globals';
import { typeStage } from '../../../../../src/kinds/scan/stages/type/stage.ts';
import { fileOf } from '../file-of.ts';

const program = Buffer.from(`MZ${'\0'.repeat(58)}\x40\0\0\0PE\0\0`, 'latin1');
const jpeg = Buffer.from('ffd8ffe000104a4649460001', 'hex');
const shortcut = Buffer.from('4c0000000114020000000000c00000000000004600', 'hex');

async function idsOf(name: string, content: string | Uint8Array, declaredType?: string): Promise<string[]> {
  const { findings } = await typeStage.look(await fileOf(name, content, { declaredType }));
  return findings.map(({ id }) => id);
}

test.each<[string, string | Uint8Array, string | undefined, string[]]>([
  ['photo.jpg', program, undefined, ['type.program-as-document']],
  ['photo.jpg ', program, 'image/jpeg', ['type.program-as-document']],
  ['readme.txt', program, undefined, ['type.program-as-document']],
  ['invoice.pdf.exe', program, 'application/pdf; name=a', ['type.program-as-document']],
  ['setup.exe', program, 'application/octet-stream', []],
  ['invoice.pdf', shortcut, undefined, ['type.script-as-document']],
  ['a.png', 'var s = new ActiveXObject("WScript.Shell");', undefined, ['type.script-as-document']],
  ['a.png', '<!doctype html><title>Not found</title>', undefined, ['type.page-as-media']],
  ['photo.png', jpeg, 'image/png', ['type.other-name']],
  ['a.js', jpeg, undefined, ['type.media-as-script']],
  ['photo.jpeg', jpeg, 'image/jpg', []],
  ['a.unheardof', program, undefined, []],
  ['notes.txt', '#!/bin/sh\necho 1\n', 'text/plain', []],
  ['table.xls', 'a,b\n1,2\n3,4\n', 'application/vnd.ms-excel', []],
  ['no name', jpeg, undefined, []],
])('%s', async (name, content, declared, expected) => {
  expect(await idsOf(name, content, declared)).toEqual(expected);
});
