import type { Refusals } from '../refusals.ts';
import { attributes as a } from './attributes.ts';
import type { Attributes } from './dataset.ts';
import { isUnpackable, type Unpacker } from './decode.ts';
import { EXPLICIT_LITTLE, type PixelFormat } from './instance.ts';

const IMPLICIT_LITTLE = '1.2.840.10008.1.2';
const DEFLATED = '1.2.840.10008.1.2.1.99';
const EXPLICIT_BIG = '1.2.840.10008.1.2.2';
const plain = [EXPLICIT_LITTLE, IMPLICIT_LITTLE, DEFLATED, EXPLICIT_BIG];

/** What may be declared for each byte that is there: packed pixels of nothing but background reach some hundred. */
const MOST_PACKED = 2000;

/** Why the pixels cannot be read, as the end of a sentence; null where they can. Asked before anything is given memory. */
export function pixelProblem(format: PixelFormat): string | null {
  const { rows, columns, bitsAllocated, bitsStored, highBit, samplesPerPixel, photometric } = format;
  if (samplesPerPixel !== 1 || photometric !== 'MONOCHROME2')
    return 'holds pictures in colour or in negative';
  const shift = highBit - bitsStored + 1;
  const sound = [8, 16].includes(bitsAllocated) && bitsStored >= 1 && highBit < bitsAllocated && shift >= 0;
  if (rows < 2 || columns < 2 || !sound) return 'has pixels of an impossible size';
  if (format.bytes === 0) return 'has no pixels';
  const promised = bytesOfFrame(format) * format.frames;
  if (plain.includes(format.transferSyntax)) {
    if (promised > format.bytes)
      return `is cut off: it promises ${promised} bytes of pixels, and ${format.bytes} are there`;
    return null;
  }
  if (!isUnpackable(format.transferSyntax)) return 'is packed in a way that is not supported';
  return promised > format.bytes * MOST_PACKED ? 'has fewer packed pixels than it promises' : null;
}

export function bytesOfFrame({ rows, columns, bitsAllocated }: PixelFormat): number {
  return (rows * columns * bitsAllocated) / 8;
}

/** What reading pixels needs beside the file. */
export interface Reading {
  refusals: Refusals;
  unpacker: Unpacker;
}

/** The bits that count of each pixel of the frames, still without their sign. `pixelProblem` had nothing to say. */
export async function readFrames(
  set: Attributes,
  format: PixelFormat,
  frames: readonly number[],
  { refusals, unpacker }: Reading,
): Promise<Uint16Array[]> {
  const { bitsStored, highBit, transferSyntax } = format;
  const shift = highBit - bitsStored + 1;
  const mask = 2 ** bitsStored - 1;
  const raw = plain.includes(transferSyntax)
    ? frames.map((frame) => plainFrame(set, format, frame))
    : await unpacker.unpack(packedFrames(set, format, frames, refusals), format);
  // What is packed has no other bits.
  const by = plain.includes(transferSyntax) ? shift : 0;
  for (const values of raw) {
    for (let n = 0; n < values.length; n++) values[n] = ((values[n] as number) >> by) & mask;
  }
  return raw;
}

/** A value with its sign. */
export function signer({ signed, bitsStored }: PixelFormat): (bits: number) => number {
  if (!signed) return (bits) => bits;
  const unused = 32 - bitsStored;
  return (bits) => (bits << unused) >> unused;
}

function plainFrame(set: Attributes, format: PixelFormat, frame: number): Uint16Array {
  const { rows, columns, bitsAllocated, transferSyntax } = format;
  const at = (set.value(a.pixels)?.at as number) + frame * bytesOfFrame(format);
  const values = new Uint16Array(rows * columns);
  if (bitsAllocated === 8) {
    values.set(set.bytes.subarray(at, at + values.length));
    return values;
  }
  const view = new DataView(set.bytes.buffer, set.bytes.byteOffset + at, values.length * 2);
  const little = transferSyntax !== EXPLICIT_BIG;
  for (let n = 0; n < values.length; n++) values[n] = view.getUint16(n * 2, little);
  return values;
}

function packedFrames(
  set: Attributes,
  format: PixelFormat,
  frames: readonly number[],
  refusals: Refusals,
): Uint8Array[] {
  // The first is a table of offsets, which many writers leave empty.
  const fragments = (set.value(a.pixels)?.fragments ?? []).slice(1);
  const pieces = fragments.map(({ at, length }) => set.bytes.subarray(at, at + length));
  const all = inFrames(pieces, format.frames);
  if (all.length === format.frames) return frames.map((frame) => all[frame] as Uint8Array);
  throw refusals.unreadable(
    'has packed pixels that cannot be told apart',
    'Export the series without compression.',
  );
}

/** A frame may come in several pieces; then each begins as a picture of its format does. */
function inFrames(pieces: readonly Uint8Array[], frames: number): Uint8Array[] {
  if (pieces.length === frames) return [...pieces];
  if (frames === 1) return [Buffer.concat(pieces)];
  const begins = ([first, second]: Uint8Array) => first === 0xff && (second === 0xd8 || second === 0x4f);
  const groups: Uint8Array[][] = [];
  for (const piece of pieces) {
    if (begins(piece)) groups.push([piece]);
    else groups.at(-1)?.push(piece);
  }
  return groups.map((group) => Buffer.concat(group));
}
