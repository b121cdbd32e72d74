import { ByteStream, type Bytes, gunzipped } from '../byte-stream.ts';
import type { Refusals } from '../refusals.ts';
import { LONGEST_HEADER, type NiftiHeader, readHeader } from './header.ts';

/** What one byte of a gzip can become at most. */
const MOST_INFLATION = 1032;

export interface NiftiFiles {
  /** The single file, or the header's. */
  file: Bytes;
  /** The voxels' file of a pair. */
  image?: Bytes;
}

/** A volume of which the header was read, and the voxels are still to come. */
export interface OpenVoxels extends AsyncDisposable {
  header: NiftiHeader;
  /** Begins with the first voxel. */
  voxels: ByteStream;
  /** How many bytes may come: as many as the file has, or as a gzip of its size can hold. */
  most: number;
}

export async function firstBytes(file: Bytes, count: number): Promise<Uint8Array> {
  const stream = new ByteStream(file.open());
  const bytes = await stream.read(count);
  await stream.close();
  return bytes;
}

/** Reads the header and goes to the first voxel. Of a pair, the voxels come from the other file. */
export async function openVoxels({ file, image }: NiftiFiles, refusals: Refusals): Promise<OpenVoxels> {
  const { stream, most } = await streamOf(file, refusals);
  try {
    const taken = await stream.read(LONGEST_HEADER);
    const header = readHeader(taken, refusals);
    const offset = offsetOf(header, refusals);
    if (header.single) {
      if (offset >= taken.length) await stream.skip(offset - taken.length);
      else stream.putBack(taken.subarray(offset));
      return opened(header, stream, most - offset);
    }
    if (image === undefined) {
      const remedy = 'Send both files (.hdr and .img) in one ZIP, or a single .nii.gz.';
      throw refusals.unreadable('is the header of a NIfTI pair, and its voxels (.img) are missing', remedy);
    }
    await stream.close();
    const voxels = await streamOf(image, refusals);
    await voxels.stream.skip(offset);
    return opened(header, voxels.stream, voxels.most - offset);
  } catch (error) {
    await stream.close();
    throw error;
  }
}

function opened(header: NiftiHeader, voxels: ByteStream, most: number): OpenVoxels {
  return { header, voxels, most: Math.max(0, most), [Symbol.asyncDispose]: () => voxels.close() };
}

async function streamOf(file: Bytes, refusals: Refusals): Promise<{ stream: ByteStream; most: number }> {
  const [first, second] = await firstBytes(file, 2);
  const isGzip = first === 0x1f && second === 0x8b;
  return isGzip
    ? { stream: new ByteStream(gunzipped(file.open(), refusals)), most: file.size * MOST_INFLATION }
    : { stream: new ByteStream(file.open()), most: file.size };
}

function offsetOf({ voxOffset, single, version }: NiftiHeader, refusals: Refusals): number {
  const least = single ? (version === 1 ? 352 : 544) : 0;
  // Some writers leave it out.
  const offset = voxOffset === 0 ? least : voxOffset;
  if (Number.isSafeInteger(offset) && offset >= least) return offset;
  throw refusals.unreadable(
    `says that its voxels begin at byte ${voxOffset}`,
    'Export the scan as NIfTI again.',
  );
}
