import { gzipSync } from 'node:zlib';
import { translation, voxelSize } from '../geometry/affine.ts';
import type { Grid } from '../volume.ts';
import { UINT8 } from './datatypes.ts';
import { type NiftiHeader, writeHeader } from './header.ts';
import { quaternionOf } from './orientation.ts';

/** The codes of NIfTI: millimetres, and a place in the scanner. */
const MILLIMETRES = 2;
const SCANNER = 1;

/** The header of a grid that did not come from a NIfTI file. */
export function headerOf({ dimensions, affine }: Grid, datatype: number): NiftiHeader {
  const q = quaternionOf(affine);
  return {
    version: 1,
    littleEndian: true,
    single: true,
    dim: [3, ...dimensions, 1, 1, 1, 1],
    datatype,
    pixdim: [q?.handedness ?? 1, ...voxelSize(affine), 0, 0, 0, 0],
    voxOffset: 0,
    slope: 1,
    intercept: 0,
    units: MILLIMETRES,
    qformCode: q ? SCANNER : 0,
    sformCode: SCANNER,
    quaternion: q?.quaternion ?? [0, 0, 0],
    qoffset: q ? translation(affine) : [0, 0, 0],
    srow: affine.slice(0, 3) as unknown as NiftiHeader['srow'],
  };
}

/**
 * What a header says of geometry, and nothing else: fields that are not in use are zero, since anything may stand in them.
 */
export function geometryOnly(header: NiftiHeader): NiftiHeader {
  const { dim, pixdim, qformCode, sformCode } = header;
  const count = dim[0] as number;
  const used = (n: number) => n >= 1 && n <= count;
  const nothing = [0, 0, 0] as const;
  return {
    ...header,
    dim: dim.map((size, n) => (n === 0 || used(n) ? size : 1)),
    pixdim: pixdim.map((step, n) => (n === 0 ? (step < 0 ? -1 : 1) : used(n) ? step : 0)),
    units: header.units & 0x3f,
    quaternion: qformCode > 0 ? header.quaternion : nothing,
    qoffset: qformCode > 0 ? header.qoffset : nothing,
    srow: sformCode > 0 ? header.srow : [0, 1, 2].map(() => [0, 0, 0, 0] as const),
  };
}

/**
 * A label map on the grid of its original, as `.nii.gz`: the same bytes for the same labels. Shape, orientations and codes are those of
 * the original.
 */
export function writeLabels(labels: Uint8Array, original: NiftiHeader): Uint8Array {
  const header = writeHeader(
    { ...geometryOnly(original), littleEndian: true, single: true, datatype: UINT8, slope: 1, intercept: 0 },
    { bits: 8 },
  );
  const packed = gzipSync(Buffer.concat([header, labels]));
  packed[SYSTEM] = UNKNOWN_SYSTEM;
  return packed;
}

/** Where a gzip's header says which operating system packed it, and what it says where that is nobody's affair. */
export const SYSTEM = 9;
export const UNKNOWN_SYSTEM = 255;
