import type { ScannedFile } from '../../analysis/stage.ts';
import { entropyOf, Fields, packerHints } from './fields.ts';

const machines: Readonly<Record<number, string>> = {
  3: 'x86',
  8: 'MIPS',
  20: 'PowerPC',
  21: 'PowerPC 64',
  22: 'S/390',
  40: 'ARM',
  62: 'x86-64',
  183: 'ARM64',
  243: 'RISC-V',
  247: 'BPF',
};
const kinds: Readonly<Record<number, string>> = {
  1: 'object',
  2: 'program',
  3: 'shared object',
  4: 'core dump',
};

const MAX_SECTIONS = 200;
const MAX_LIBRARIES = 200;
const MAX_SEGMENTS = 200;
const MAX_ENTRIES = 4000;
const SYMBOLS = 2;
const DYNAMIC = 6;
const NO_BITS = 8;
const DYNAMIC_SYMBOLS = 11;
const INTERPRETER = 3;

/** What the headers of a program for Unix say. */
export function elfFacts(file: ScannedFile): Record<string, unknown> {
  const ident = file.read(0, 6);
  const wide = ident[4] === 2;
  const fields = new Fields(file, ident[5] !== 2);
  const w = (narrow: number, wideOffset: number) => (wide ? wideOffset : narrow);
  const machine = fields.u16(18);
  const all = sections(fields, wide);
  const named = all.map(({ name, size, type, flags, offset }) => ({
    name,
    size,
    entropy: type === NO_BITS ? null : entropyOf(fields, offset, size),
    executable: (flags & 4) !== 0,
    writable: (flags & 1) !== 0,
  }));
  const dynamicSymbols = all.find(({ type }) => type === DYNAMIC_SYMBOLS);
  const end = Math.max(
    fields.address(w(32, 40), wide) + fields.u16(w(48, 60)) * fields.u16(w(46, 58)),
    ...all.map(({ type, offset, size }) => (type === NO_BITS ? 0 : offset + size)),
  );
  const upx = fields.bytes(0, 4096).includes('UPX!') ? ['UPX'] : [];
  return {
    format: wide ? 'ELF 64' : 'ELF 32',
    machine: machines[machine] ?? String(machine),
    kind: kinds[fields.u16(16)] ?? null,
    entry_point: fields.address(24, wide),
    interpreter: interpreter(fields, wide),
    sections: named,
    imports: {
      libraries: libraries(fields, wide, all),
      functions: dynamicSymbols ? Math.floor(dynamicSymbols.size / (wide ? 24 : 16)) : 0,
    },
    stripped: !all.some(({ type }) => type === SYMBOLS),
    overlay: all.length > 0 && end < fields.size ? { offset: end, size: fields.size - end } : null,
    truncated: all.length > 0 && end > fields.size,
    packer_hints: [...new Set([...upx, ...packerHints(named)])],
  };
}

interface Section {
  name: string;
  type: number;
  flags: number;
  offset: number;
  size: number;
  link: number;
}

function sections(fields: Fields, wide: boolean): Section[] {
  const from = fields.address(wide ? 40 : 32, wide);
  const step = fields.u16(wide ? 58 : 46);
  const count = Math.min(fields.u16(wide ? 60 : 48), MAX_SECTIONS);
  if (from === 0 || step < (wide ? 64 : 40)) return [];
  const raw = Array.from({ length: count }, (_, index) => {
    const at = from + step * index;
    return {
      name: fields.u32(at),
      type: fields.u32(at + 4),
      flags: fields.address(at + 8, wide),
      offset: fields.address(at + (wide ? 24 : 16), wide),
      size: fields.address(at + (wide ? 32 : 20), wide),
      link: fields.u32(at + (wide ? 40 : 24)),
    };
  }).filter((_, index) => from + step * index < fields.size);
  const names = raw[fields.u16(wide ? 62 : 50)];
  return raw
    .map((one) => ({ ...one, name: names ? fields.name(names.offset + one.name, 64) : '' }))
    .filter(({ type }) => type !== 0);
}

function interpreter(fields: Fields, wide: boolean): string | null {
  const from = fields.address(wide ? 32 : 28, wide);
  const step = fields.u16(wide ? 54 : 42);
  const count = Math.min(fields.u16(wide ? 56 : 44), MAX_SEGMENTS);
  for (let index = 0; index < count && step > 0; index++) {
    const at = from + step * index;
    if (fields.u32(at) === INTERPRETER) return fields.name(fields.address(at + (wide ? 8 : 4), wide));
  }
  return null;
}

/** The names that the dynamic section gives as needed, from the table of strings that is linked to it. */
function libraries(fields: Fields, wide: boolean, all: readonly Section[]): string[] {
  const dynamic = all.find(({ type }) => type === DYNAMIC);
  const strings = all.find(({ name }) => name === '.dynstr');
  const needed: string[] = [];
  if (!dynamic || !strings) return needed;
  const step = wide ? 16 : 8;
  const count = Math.min(Math.floor(dynamic.size / step), MAX_ENTRIES);
  for (let index = 0; index < count && needed.length < MAX_LIBRARIES; index++) {
    const at = dynamic.offset + step * index;
    const tag = fields.address(at, wide);
    if (tag === 0) break;
    if (tag === 1) needed.push(fields.name(strings.offset + fields.address(at + step / 2, wide)));
  }
  return needed;
}
