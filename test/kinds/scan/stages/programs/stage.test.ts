import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FileType } from '../../../../../src/kinds/scan/analysis/stage.ts';
import { programsStage } from '../../../../../src/kinds/scan/stages/programs/stage.ts';
import { fileOf } from '../file-of.ts';

const factsOf = async (content: Uint8Array, type?: FileType) =>
  programsStage.look(await fileOf('a', content, type && { type }));

/** A program for Windows with two sections, one library, a debugger's function, and bytes behind the last section. */
function windowsProgram(): Buffer {
  const file = Buffer.alloc(0x600 + 100);
  file.write('MZ');
  file.writeUInt32LE(0x80, 60);
  file.write('PE\0\0', 0x80);
  file.writeUInt16LE(0x8664, 0x84);
  file.writeUInt16LE(2, 0x86);
  file.writeUInt32LE(1_700_000_000, 0x88);
  file.writeUInt16LE(240, 0x94);
  file.writeUInt16LE(0x22, 0x96);
  const optional = 0x98;
  file.writeUInt16LE(0x20b, optional);
  file.writeUInt32LE(0x1010, optional + 16);
  file.writeUInt16LE(3, optional + 68);
  file.writeUInt32LE(16, optional + 108);
  file.writeUInt32LE(0x2000, optional + 112 + 8);
  for (const [index, [name, address, offset, flags]] of (
    [
      ['UPX0', 0x1000, 0x200, 0x60000020],
      ['.rdata', 0x2000, 0x400, 0x40000040],
    ] as const
  ).entries()) {
    const at = optional + 240 + 40 * index;
    file.write(name, at);
    file.writeUInt32LE(0x200, at + 8);
    file.writeUInt32LE(address, at + 12);
    file.writeUInt32LE(0x200, at + 16);
    file.writeUInt32LE(offset, at + 20);
    file.writeUInt32LE(flags, at + 36);
  }
  // The table of imports, its one library, and that one's one function.
  file.writeUInt32LE(0x2080, 0x400);
  file.writeUInt32LE(0x20c0, 0x400 + 12);
  file.writeUInt32LE(0x20a0, 0x480);
  file.write('\0\0IsDebuggerPresent\0', 0x4a0, 'latin1');
  file.write('KERNEL32.dll\0', 0x4c0, 'latin1');
  return file;
}

test('a program for Windows: machine, sections, imports, overlay', async () => {
  const { findings, facts } = await factsOf(windowsProgram());
  expect(findings).toEqual([]);
  expect(facts).toMatchObject({
    format: 'PE32+',
    machine: 'x86-64',
    subsystem: 'console',
    compiled: '2023-11-14T22:13:20.000Z',
    entry_point: 0x1010,
    entry_section: 'UPX0',
    sections: [
      { name: 'UPX0', size: 0x200, entropy: 0, executable: true },
      { name: '.rdata', executable: false },
    ],
    imports: { libraries: ['KERNEL32.dll'], functions: 1, notable: ['IsDebuggerPresent'] },
    signed: false,
    overlay: { offset: 0x600, size: 100 },
    truncated: false,
    packer_hints: ['UPX'],
  });
});

test('a program for Unix: that of this very process', async () => {
  const { facts } = await factsOf(readFileSync('/bin/sh'));
  expect(facts).toMatchObject({
    format: 'ELF 64',
    interpreter: expect.stringContaining('/ld-'),
    imports: { libraries: expect.arrayContaining([expect.stringMatching(/^libc\./)]) },
    truncated: false,
  });
  expect((facts as { sections: { name: string }[] }).sections.map(({ name }) => name)).toContain('.text');
});

test('a program for macOS of two architectures', async () => {
  const file = Buffer.alloc(0x400);
  file.writeUInt32BE(0xcafebabe, 0);
  file.writeUInt32BE(2, 4);
  for (const [index, [machine, from]] of (
    [
      [0x01000007, 0x100],
      [0x0100000c, 0x200],
    ] as const
  ).entries()) {
    file.writeUInt32BE(from, 8 + 20 * index + 8);
    file.writeUInt32BE(0x100, 8 + 20 * index + 12);
    file.writeUInt32LE(0xfeedfacf, from);
    file.writeUInt32LE(machine, from + 4);
    file.writeUInt32LE(2, from + 12);
    file.writeUInt32LE(2, from + 16);
    file.writeUInt32LE(0xc, from + 32);
    file.writeUInt32LE(56, from + 36);
    file.writeUInt32LE(24, from + 40);
    file.write('/usr/lib/libSystem.B.dylib', from + 56);
    file.writeUInt32LE(0x1d, from + 88);
    file.writeUInt32LE(16, from + 92);
  }
  expect((await factsOf(file)).facts).toMatchObject({
    architectures: [
      {
        machine: 'x86-64',
        kind: 'program',
        imports: { libraries: ['/usr/lib/libSystem.B.dylib'] },
        signed: true,
      },
      { machine: 'ARM64' },
    ],
  });
});

test('headers that lie are read as far as they go', async () => {
  const types = fc.constantFrom<FileType>('pe', 'elf', 'macho');
  const starts = fc.constantFrom(
    '',
    'MZ',
    '\x7fELF\x02\x01',
    '\x7fELF\x01\x02',
    '\xcf\xfa\xed\xfe',
    '\xca\xfe\xba\xbe',
  );
  const whole = windowsProgram();
  await fc.assert(
    fc.asyncProperty(types, starts, fc.uint8Array({ maxLength: 500 }), async (type, start, rest) => {
      await factsOf(Buffer.concat([Buffer.from(start, 'latin1'), rest]), type);
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.nat(0x200), fc.nat(whole.length), async (at, end) => {
      const damaged = Buffer.from(whole);
      damaged.fill(0xff, at, at + 4);
      await factsOf(damaged.subarray(0, end), 'pe');
    }),
  );
});

test('a program that is cut off is incomplete', async () => {
  const whole = windowsProgram();
  const incomplete = async (bytes: Buffer) => (await programsStage.look(await fileOf('a', bytes))).incomplete;
  expect(await incomplete(whole)).toBeUndefined();
  expect(await incomplete(whole.subarray(0, whole.length / 2))).toEqual(['The program is cut off.']);
});
