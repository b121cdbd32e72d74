import { voxelSize } from '../geometry/affine.ts';
import { MOST_VOXEL_BYTES, type Refusals } from '../refusals.ts';
import type { Dimensions, StoredVolume, VolumeFacts } from '../volume.ts';
import { datatypes, swapBytes } from './datatypes.ts';
import type { NiftiHeader } from './header.ts';
import { orient } from './orientation.ts';
import { type NiftiFiles, openVoxels } from './stream.ts';

export interface OpenedNifti {
  volume: StoredVolume;
  facts: VolumeFacts;
  header: NiftiHeader;
}

/** Reads a volume, after its header was held against the bytes that there are. */
export async function readNifti(files: NiftiFiles, refusals: Refusals): Promise<OpenedNifti> {
  await using opened = await openVoxels(files, refusals);
  const { header, voxels, most } = opened;
  const dimensions = dimensionsOf(header, refusals);
  const type = scalarType(header, refusals);
  const { affine, sides, from, notices } = orient(header, dimensions, refusals);
  const promised = voxelBytes(header, refusals);
  if (promised > MOST_VOXEL_BYTES) {
    throw refusals.tooLarge(
      `has ${dimensions.join(' × ')} voxels of ${type.name}, ${gib(promised)}; ${gib(MOST_VOXEL_BYTES)} is the most`,
      'Resample it to voxels of 1 mm, or crop it to the head.',
    );
  }
  // What a few bytes cannot hold is not given memory.
  if (promised > most) throw cutOff(promised, `at most ${most}`, refusals);
  const buffer = new ArrayBuffer(promised);
  const there = await voxels.readInto(new Uint8Array(buffer));
  if (there < promised) throw cutOff(promised, `${there}`, refusals);
  await voxels.skip(MOST_BEHIND);
  if (header.littleEndian !== thisMachineIsLittle) swapBytes(buffer, type.bits);
  return {
    header,
    volume: { dimensions, affine, data: type.values(buffer), ...scalingOf(header) },
    facts: {
      format: 'nifti',
      sides,
      orientation_from: from,
      voxel_mm: voxelSize(affine),
      sequence: null,
      field_strength_t: null,
      contrast_agent: 'unknown',
      manufacturer: null,
      model: null,
      age_years: null,
      sex: null,
      notices,
    },
  };
}

const thisMachineIsLittle = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** No slope, or one that is no number, means that the values are as they are stored. */
function scalingOf({ slope, intercept }: NiftiHeader): Pick<StoredVolume, 'slope' | 'intercept'> {
  if (!Number.isFinite(slope) || slope === 0) return { slope: 1, intercept: 0 };
  return { slope, intercept: Number.isFinite(intercept) ? intercept : 0 };
}

function scalarType({ datatype }: NiftiHeader, refusals: Refusals) {
  const type = datatypes.get(datatype);
  if (type?.values) return { ...type, values: type.values };
  throw refusals.unsupported(
    type
      ? `holds ${type.name}, not one number a voxel`
      : `has voxels of a type (${datatype}) that NIfTI does not know`,
    'Send the T1-weighted scan itself, as integers or floating-point numbers.',
  );
}

/** The three of a volume; where there are more, they must be of size one. */
function dimensionsOf({ dim }: NiftiHeader, refusals: Refusals): Dimensions {
  const count = dim[0] as number;
  const sizes = sizesOf(dim, refusals);
  const [nx, ny, nz] = [sizes[0] ?? 1, sizes[1] ?? 1, sizes[2] ?? 1];
  if (count < 3 || Math.min(nx, ny, nz) < 2) {
    throw refusals.unreadable(
      `is a picture of ${sizes.join(' × ')}, not a volume`,
      'Send a volume with all its slices.',
    );
  }
  const volumes = sizes.slice(3).reduce((all, size) => all * size, 1);
  if (volumes === 1) return [nx, ny, nz];
  throw refusals.unreadable(
    `holds ${volumes} volumes, and one is expected`,
    'Send the T1-weighted volume alone.',
  );
}

/** So far behind the voxels a gzip's end is looked for, which says whether all of it came unchanged. */
export const MOST_BEHIND = 1024 ** 2;

/** How many bytes the header promises for all voxels of all dimensions. */
export function voxelBytes({ dim, datatype }: NiftiHeader, refusals: Refusals): number {
  const bits = datatypes.get(datatype)?.bits ?? 8;
  return Math.ceil((sizesOf(dim, refusals).reduce((all, size) => all * size, 1) * bits) / 8);
}

function sizesOf(dim: readonly number[], refusals: Refusals): number[] {
  const count = dim[0] as number;
  const sizes = dim.slice(1, Math.max(1, count) + 1);
  if (count >= 1 && count <= 7 && sizes.every((size) => size >= 1)) return sizes;
  throw refusals.unreadable(
    `has impossible dimensions (${dim.join(', ')})`,
    'Export the scan as NIfTI again.',
  );
}

export function cutOff(promised: number, there: string, refusals: Refusals): Error {
  return refusals.unreadable(
    `is cut off: its header promises ${promised} bytes of voxels, and ${there} are there`,
    'Send it again.',
  );
}

function gib(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
}
