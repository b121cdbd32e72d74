import type { ScannedFile } from '../../analysis/stage.ts';
import { type EntropyBudget, entropyOf, Fields, packerHints } from './fields.ts';

const machines: Readonly<Record<number, string>> = {
  7: 'x86',
  16777223: 'x86-64',
  12: 'ARM',
  16777228: 'ARM64',
  33554444: 'ARM64 with 32-bit addresses',
  18: 'PowerPC',
  16777234: 'PowerPC 64',
};
const kinds: Readonly<Record<number, string>> = {
  1: 'object',
  2: 'program',
  6: 'library',
  7: 'dynamic linker',
  8: 'bundle',
  11: 'kernel extension',
};
/** Load commands, without the bit that says that the linker must know them. */
const SEGMENT = 0x1;
const SEGMENT_64 = 0x19;
const SYMBOLS = 0x2;
const LIBRARY = new Set([0xc, 0x18, 0x1f, 0x20, 0x23]);
const SIGNATURE = 0x1d;
const MAIN = 0x28;

const MAX_ARCHITECTURES = 16;
const MAX_COMMANDS = 1000;
const MAX_SECTIONS = 200;

/** What the headers of a program for macOS say, of each architecture in it. */
export function machoFacts(file: ScannedFile): Record<string, unknown> {
  const big = new Fields(file, false);
  const magic = big.u32(0);
  if (magic !== 0xcafebabe && magic !== 0xcafebabf)
    return { format: 'Mach-O', architectures: [architecture(file, big.budget, 0, file.size)] };
  const wide = magic === 0xcafebabf;
  const step = wide ? 32 : 20;
  const architectures = Array.from({ length: Math.min(big.u32(4), MAX_ARCHITECTURES) }, (_, index) => {
    const at = 8 + step * index;
    return architecture(
      file,
      big.budget,
      big.address(at + 8, wide),
      big.address(at + (wide ? 16 : 12), wide),
    );
  });
  return { format: 'Mach-O of several architectures', architectures };
}

function architecture(
  file: ScannedFile,
  budget: EntropyBudget,
  from: number,
  size: number,
): Record<string, unknown> {
  const magic = new Fields(file, false).u32(from);
  const fields = new Fields(file, magic === 0xcffaedfe || magic === 0xcefaedfe, budget);
  const wide = magic === 0xcffaedfe || magic === 0xfeedfacf;
  const machine = fields.u32(from + 4);
  const sections: { name: string; size: number; entropy: number | null; executable: boolean }[] = [];
  const libraries: string[] = [];
  let [signed, symbols, entry, end] = [false, 0, null as number | null, 0];
  let at = from + (wide ? 32 : 28);
  for (let index = 0; index < Math.min(fields.u32(from + 16), MAX_COMMANDS) && at < fields.size; index++) {
    const command = fields.u32(at) & 0x7fffffff;
    const length = fields.u32(at + 4);
    if (length < 8) break;
    if (command === SEGMENT || command === SEGMENT_64) {
      end = Math.max(end, segment(fields, at, command === SEGMENT_64, from, sections));
    }
    if (LIBRARY.has(command) && libraries.length < 200) libraries.push(fields.name(at + fields.u32(at + 8)));
    if (command === SIGNATURE) signed = true;
    if (command === SYMBOLS) symbols = fields.u32(at + 12);
    if (command === MAIN) entry = fields.u64(at + 8);
    at += length;
  }
  return {
    machine: machines[machine] ?? `0x${machine.toString(16)}`,
    kind: kinds[fields.u32(from + 12)] ?? null,
    entry_point: entry,
    sections,
    imports: { libraries, symbols },
    // The signature is not checked here: only that there is one.
    signed,
    overlay:
      end > 0 && from + end < Math.min(fields.size, from + size)
        ? { offset: from + end, size: size - end }
        : null,
    truncated: from + end > fields.size,
    packer_hints: packerHints(sections),
  };
}

/** @returns where in the architecture the segment ends */
function segment(
  fields: Fields,
  at: number,
  wide: boolean,
  base: number,
  sections: { name: string; size: number; entropy: number | null; executable: boolean }[],
): number {
  const executable = (fields.u32(at + (wide ? 60 : 44)) & 4) !== 0;
  const count = fields.u32(at + (wide ? 64 : 48));
  for (let index = 0; index < Math.min(count, MAX_SECTIONS) && sections.length < MAX_SECTIONS; index++) {
    const section = at + (wide ? 72 : 56) + index * (wide ? 80 : 68);
    const size = fields.address(section + (wide ? 40 : 36), wide);
    const offset = fields.u32(section + (wide ? 48 : 40));
    const name = `${fields.name(section + 16, 16)},${fields.name(section, 16)}`;
    sections.push({
      name,
      size,
      entropy: offset === 0 ? null : entropyOf(fields, base + offset, size),
      executable,
    });
  }
  return fields.address(at + (wide ? 40 : 32), wide) + fields.address(at + (wide ? 48 : 36), wide);
}
