import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { CompoundFile } from '../../../../../src/kinds/scan/documents/compound-file.ts';
import { decompressVba } from '../../../../../src/kinds/scan/stages/office/vba/decompress.ts';
import { readVbaProjects } from '../../../../../src/kinds/scan/stages/office/vba/project.ts';
import { behaviourOf } from '../../../../../src/kinds/scan/stages/office/vba/rule.ts';
import { compoundOf, vbaStreams } from '../../support/compound.ts';

const text = (hex: string) => {
  const { bytes, damaged } = decompressVba(Buffer.from(hex.replaceAll(' ', ''), 'hex'), 10_000);
  return { text: Buffer.from(bytes).toString('latin1'), damaged };
};

test.each([
  ['19b000 6162636465666768 00 696a6b6c6d6e6f70 00 7172737475762e', 'abcdefghijklmnopqrstuv.'],
  [
    '2fb000 236161616263646582660070616768696a013808616b6c00306d6e6f70067102700410727374757610 7778797a003c',
    '#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa',
  ],
  ['03b002614500', 'a'.repeat(73)],
])('the examples of MS-OVBA 3.2 are decompressed', (body, expected) => {
  const hex = body.startsWith('19') ? body.replace('19b000', '0119b000') : `01${body}`;
  expect(text(hex)).toEqual({ text: expected, damaged: false });
});

test('damage is said, and what comes before it kept', () => {
  expect(text('0119b000 6162636465666768')).toEqual({ text: 'abcdefgh', damaged: true });
  // A token that points before the beginning of its chunk.
  expect(text('0103b0 02 61 ff ff')).toEqual({ text: 'a', damaged: true });
  expect(text('02')).toEqual({ text: '', damaged: true });
});

const fixture = (name: string) => readFileSync(new URL(`../../labelled/files/${name}`, import.meta.url));

test('the macros of a workbook are those that olevba 0.60.2 shows', () => {
  const [project] = readVbaProjects(new CompoundFile(fixture('test.xls')));
  const module = project?.modules.find(({ name }) => name === 'Module1');
  const lines = module?.source.split(/\r\n|\r|\n/).filter((line) => !line.startsWith('Attribute')) ?? [];
  expect(lines).toHaveLength(21);
  expect(lines[0]).toBe('Sub PingExample()');
  expect(lines).toContain(
    '    Set objPing = GetObject("winmgmts:{impersonationLevel=impersonate}").ExecQuery _',
  );
  expect(lines.at(-1)).toBe('End Sub');
});

test('a module whose place in the list is wrong is found by its beginning', () => {
  const streams = vbaStreams({ Module1: 'Sub AutoOpen()\r\nEnd Sub\r\n' });
  const hidden = { ...streams, 'VBA/dir': Buffer.from([1]) };
  const [project] = readVbaProjects(new CompoundFile(compoundOf(hidden)));
  expect(project?.modules[0]?.source).toContain('Sub AutoOpen()');
});

describe('the rule', () => {
  const of = (source: string, name = 'Module1', callbacks: string[] = []) => {
    const { automatic, executes, writes } = behaviourOf([{ name, source }], callbacks);
    return [automatic, executes, writes];
  };

  test.each([
    ['Sub AutoOpen()\n Shell "calc"\nEnd Sub', ['AutoOpen', 'Shell', null]],
    [
      'private sub document_open()\n x = createobject("WScript.Shell")',
      ['document_open', 'createobject("WScript.Shell")', null],
    ],
    ['Sub Workbook_Open()\n Open f For Output As #1', ['Workbook_Open', null, 'Open f For Output']],
    ['Sub Auto_Open()\n URLDownloadToFileA 0, u, f, 0, 0', ['Auto_Open', null, 'URLDownloadToFileA']],
    // Continued lines, and a name that the library gives a function.
    ['Sub Auto_Close()\n Shell _\n "x"', ['Auto_Close', 'Shell', null]],
    ['Declare Sub Wait Lib "kernel32" Alias "VirtualAlloc" (x)', [null, 'Declare VirtualAlloc', null]],
    ['Declare PtrSafe Sub Sleep Lib "kernel32" (ByVal ms As Long)', [null, null, null]],
    ['Set d = CreateObject("Scripting.Dictionary")', [null, null, null]],
    ['Set d = CreateObject("Scripting." & rest)', [null, 'CreateObject', null]],
    // Words in comments and strings are none.
    ['Sub Fill() \' AutoOpen would Shell\n MsgBox "Shell, Kill and AutoOpen"\nEnd Sub', [null, null, null]],
    ['Rem Sub AutoOpen()\nSelection.Font.Bold = True', [null, null, null]],
  ])('%j', (source, expected) => expect(of(source)).toEqual(expected));

  test('a module named after an event has its Main run, and a document names its own callback', () => {
    expect(of('Sub Main()\n Kill f\nEnd Sub', 'AutoOpen')).toEqual(['AutoOpen.Main', null, 'Kill']);
    expect(of('Sub Ready(ribbon)\n Kill f\nEnd Sub', 'Module1', ['Project.Ready'])[0]).toBe('Project.Ready');
  });
});
