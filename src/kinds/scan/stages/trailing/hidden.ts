import type { Input } from '../../unpack/archive/run.ts';
import { findAll } from '../../unpack/search.ts';
import { View } from './ends/view.ts';
import type { TrailingPiece } from './pieces.ts';
import { isProgram } from './sniff.ts';

/** How what is hidden begins, and what else must be true there: a few bytes stand anywhere by chance. */
interface Mark {
  bytes: Buffer;
  what: 'archive' | 'program';
  isReal(view: View): boolean;
}

const isElf = (view: View) => [1, 2].includes(view.u8(4)) && [1, 2].includes(view.u8(5)) && view.u8(6) === 1;

export const marks: readonly Mark[] = [
  {
    bytes: Buffer.from('Rar!\x1a\x07', 'latin1'),
    what: 'archive',
    isReal: (view) => view.u8(6) === 0 || view.u16(6) === 1,
  },
  {
    bytes: Buffer.from('377abcaf271c', 'hex'),
    what: 'archive',
    isReal: (view) => view.u8(6) === 0 && 32 + view.u64(12) + view.u64(20) <= view.size,
  },
  { bytes: Buffer.from('MZ'), what: 'program', isReal: (view) => isProgram(view, view.bytes(0, 64)) },
  { bytes: Buffer.from('7f454c46', 'hex'), what: 'program', isReal: isElf },
];

/** Weaker than the others: enough only behind the end of what a file is. */
export const zipMark: Mark = {
  bytes: Buffer.from('PK\x03\x04', 'latin1'),
  what: 'archive',
  isReal: (view) => view.u16(8) < 100 && view.u16(26) > 0 && view.u16(26) < 1024,
};

const MAX_TRIES = 10_000;

/** The first archive or program from some place on; up to the end of the file, since it need not say its own. */
export function findHidden(input: Input, from: number, of: readonly Mark[]): TrailingPiece | undefined {
  let first: TrailingPiece | undefined;
  for (const { bytes, what, isReal } of of) {
    const places = findAll(input, bytes, from, first?.offset ?? input.size, MAX_TRIES);
    const offset = places.find((at) => isReal(new View(input, at)));
    if (offset !== undefined) first = { offset, length: input.size - offset, what };
  }
  return first;
}
