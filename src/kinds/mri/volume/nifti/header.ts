import type { Vector } from '../geometry/affine.ts';
import type { Refusals } from '../refusals.ts';

/** What counts of a NIfTI header. What it says of people, programs and displays is not read at all. */
export interface NiftiHeader {
  version: 1 | 2;
  littleEndian: boolean;
  /** Whether the voxels are in the same file. */
  single: boolean;
  /** The number of dimensions, then the size of each of seven. */
  dim: readonly number[];
  datatype: number;
  /** The handedness of the quaternion, then the step along each dimension. */
  pixdim: readonly number[];
  voxOffset: number;
  slope: number;
  intercept: number;
  units: number;
  qformCode: number;
  sformCode: number;
  quaternion: Vector;
  qoffset: Vector;
  srow: readonly (readonly [number, number, number, number])[];
}

/** The longest header, with the four bytes that say whether extensions follow. */
export const LONGEST_HEADER = 544;

const MAGIC_1 = 344;
const MAGIC_2 = 4;
/** After the magic of NIfTI-2, so that a transfer that changes line ends shows. */
const LINE_ENDS = '\r\n\x1a\n';

/** @returns whether the bytes begin as a NIfTI or an Analyze header does */
export function looksLikeNifti(bytes: Uint8Array): boolean {
  return (
    bytes.length >= 4 &&
    [348, 540].some((size) => [true, false].some((le) => view(bytes).getInt32(0, le) === size))
  );
}

/** @param bytes the first `LONGEST_HEADER` of the file, or as many as it has */
export function readHeader(bytes: Uint8Array, refusals: Refusals): NiftiHeader {
  const again = 'Export the scan as NIfTI again.';
  if (!looksLikeNifti(bytes)) {
    throw refusals.unsupported(
      'is no NIfTI file',
      'Send a NIfTI volume (.nii, .nii.gz), or a DICOM series in a ZIP.',
    );
  }
  const at = view(bytes);
  const littleEndian = [348, 540].includes(at.getInt32(0, true));
  const version = at.getInt32(0, littleEndian) === 348 ? 1 : 2;
  const size = version === 1 ? 348 : 540;
  if (bytes.length < size) {
    throw refusals.unreadable(
      `ends within its header, after ${bytes.length} of ${size} bytes`,
      'Send it again.',
    );
  }
  const magic = text(bytes, version === 1 ? MAGIC_1 : MAGIC_2, 4);
  const mark = magic.slice(0, 3);
  if (version === 1 && !['n+1', 'ni1'].includes(mark)) {
    const remedy = 'Its orientation is unknown: convert it to NIfTI from its DICOM series.';
    throw refusals.unsupported('is an Analyze 7.5 file, or a NIfTI file without its magic number', remedy);
  }
  if (version === 2 && (!['n+2', 'ni2'].includes(mark) || text(bytes, MAGIC_2 + 4, 4) !== LINE_ENDS)) {
    throw refusals.unreadable('has a damaged NIfTI-2 header', again);
  }
  const header = version === 1 ? first(at, littleEndian) : second(at, littleEndian);
  return { ...header, version, littleEndian, single: mark[1] === '+' };
}

type Fields = Omit<NiftiHeader, 'version' | 'littleEndian' | 'single'>;

function first(at: DataView, le: boolean): Fields {
  const float = (offset: number) => at.getFloat32(offset, le);
  const row = (offset: number) => floats(float, offset, 4, 4) as [number, number, number, number];
  return {
    dim: floats((offset) => at.getInt16(offset, le), 40, 8, 2),
    datatype: at.getInt16(70, le),
    pixdim: floats(float, 76, 8, 4),
    voxOffset: float(108),
    slope: float(112),
    intercept: float(116),
    units: at.getUint8(123),
    qformCode: at.getInt16(252, le),
    sformCode: at.getInt16(254, le),
    quaternion: floats(float, 256, 3, 4) as [number, number, number],
    qoffset: floats(float, 268, 3, 4) as [number, number, number],
    srow: [row(280), row(296), row(312)],
  };
}

function second(at: DataView, le: boolean): Fields {
  const float = (offset: number) => at.getFloat64(offset, le);
  const long = (offset: number) => Number(at.getBigInt64(offset, le));
  const row = (offset: number) => floats(float, offset, 4, 8) as [number, number, number, number];
  return {
    dim: floats(long, 16, 8, 8),
    datatype: at.getInt16(12, le),
    pixdim: floats(float, 104, 8, 8),
    voxOffset: long(168),
    slope: float(176),
    intercept: float(184),
    units: at.getInt32(500, le) & 0xff,
    qformCode: at.getInt32(344, le),
    sformCode: at.getInt32(348, le),
    quaternion: floats(float, 352, 3, 8) as [number, number, number],
    qoffset: floats(float, 376, 3, 8) as [number, number, number],
    srow: [row(400), row(432), row(464)],
  };
}

/** The bytes of a header for a single file, up to where the voxels begin. Whatever `NiftiHeader` has no field for is zero. */
export function writeHeader(header: NiftiHeader, { bits }: { bits: number }): Uint8Array {
  const bytes = new Uint8Array(header.version === 1 ? 352 : 544);
  const at = view(bytes);
  const le = header.littleEndian;
  const { dim, pixdim, quaternion, qoffset, srow } = header;
  if (header.version === 1) {
    const each = (values: readonly number[], offset: number) => {
      for (const [n, value] of values.entries()) at.setFloat32(offset + 4 * n, value, le);
    };
    at.setInt32(0, 348, le);
    at.setUint8(38, 'r'.charCodeAt(0));
    for (const [n, value] of dim.entries()) at.setInt16(40 + 2 * n, value, le);
    at.setInt16(70, header.datatype, le);
    at.setInt16(72, bits, le);
    each([...pixdim, bytes.length, header.slope, header.intercept], 76);
    at.setUint8(123, header.units);
    at.setInt16(252, header.qformCode, le);
    at.setInt16(254, header.sformCode, le);
    each([...quaternion, ...qoffset, ...srow.flat()], 256);
    bytes.set(codes('n+1\0'), MAGIC_1);
    return bytes;
  }
  const each = (values: readonly number[], offset: number) => {
    for (const [n, value] of values.entries()) at.setFloat64(offset + 8 * n, value, le);
  };
  at.setInt32(0, 540, le);
  bytes.set(codes(`n+2\0${LINE_ENDS}`), MAGIC_2);
  at.setInt16(12, header.datatype, le);
  at.setInt16(14, bits, le);
  for (const [n, value] of dim.entries()) at.setBigInt64(16 + 8 * n, BigInt(value), le);
  each(pixdim, 104);
  at.setBigInt64(168, BigInt(bytes.length), le);
  each([header.slope, header.intercept], 176);
  at.setInt32(344, header.qformCode, le);
  at.setInt32(348, header.sformCode, le);
  each([...quaternion, ...qoffset, ...srow.flat()], 352);
  at.setInt32(500, header.units, le);
  return bytes;
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function floats(read: (offset: number) => number, offset: number, count: number, size: number): number[] {
  return Array.from({ length: count }, (_, n) => read(offset + n * size));
}

function text(bytes: Uint8Array, at: number, length: number): string {
  return Buffer.from(bytes.subarray(at, at + length)).toString('latin1');
}

function codes(characters: string): Uint8Array {
  return Buffer.from(characters, 'latin1');
}
