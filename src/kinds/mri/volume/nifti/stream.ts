import { ByteStream, type Bytes, gunzipped } from '../byte-stream.ts';
import type { Refusals } from '../refusals.ts';
import { LONGEST_HEADER, type NiftiHeader, readHeader } from './header.ts';

/** What one byte of a gzip can become at most. */
const MOST_INFLATION = 1032;

/** A file of which the header was read, and what comes after it is still to come. */
interface Opened {
  header: NiftiHeader;
  stream: ByteStream;
  /** The first bytes, which were taken off the stream. */
  taken: Uint8Array;
  /** How many bytes the file has unpacked, where that is known, or can have at most. */
  most: number;
}

export interface NiftiFiles {
  /** The single file, or the header's. */
  file: Bytes;
  /** The voxels' file of a pair. */
  image?: Bytes;
}

export async function isGzip(file: Bytes): Promise<boolean> {
  const [first, second] = await firstBytes(file, 2);
  return first === 0x1f && second === 0x8b;
}

export async function firstBytes(file: Bytes, count: number): Promise<Uint8Array> {
  const stream = new ByteStream(file.open());
  const bytes = await stream.read(count);
  await stream.close();
  return bytes;
}

/**
 * Takes the header off, has `use` take the voxels, and lets go of the file. Of a pair, the header comes from one file and the voxels from the other.
 * @param use gets the header, the stream at the first voxel, and how many bytes may come from there
 */
export async function withVoxels<Result>(
  { file, image }: NiftiFiles,
  refusals: Refusals,
  use: (header: NiftiHeader, voxels: ByteStream, most: number) => Promise<Result>,
): Promise<Result> {
  const opened = await open(file, refusals);
  try {
    const { header } = opened;
    const offset = offsetOf(header, refusals);
    if (header.single) {
      await toVoxels(opened, offset);
      return await use(header, opened.stream, Math.max(0, opened.most - offset));
    }
    if (image === undefined) {
      const remedy = 'Send both files (.hdr and .img) in one ZIP, or a single .nii.gz.';
      throw refusals.unreadable('is the header of a NIfTI pair, and its voxels (.img) are missing', remedy);
    }
    const { stream, most } = await streamOf(image);
    try {
      await stream.skip(offset);
      return await use(header, stream, Math.max(0, most - offset));
    } finally {
      await stream.close();
    }
  } catch (error) {
    throw damaged(error, refusals);
  } finally {
    await opened.stream.close();
  }
}

async function open(file: Bytes, refusals: Refusals): Promise<Opened> {
  const { stream, most } = await streamOf(file);
  try {
    const taken = await stream.read(LONGEST_HEADER);
    const header = readHeader(taken, refusals);
    return { header, stream, taken, most };
  } catch (error) {
    await stream.close();
    throw damaged(error, refusals);
  }
}

async function streamOf(file: Bytes): Promise<Pick<Opened, 'stream' | 'most'>> {
  return (await isGzip(file))
    ? { stream: new ByteStream(gunzipped(file.open())), most: file.size * MOST_INFLATION }
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

/** More bytes than these may have been taken off already. */
async function toVoxels({ stream, taken }: Opened, offset: number): Promise<void> {
  if (offset >= taken.length) await stream.skip(offset - taken.length);
  else stream.putBack(taken.subarray(offset));
}

/** What unpacking says of damage, in our words. */
function damaged(error: unknown, refusals: Refusals): unknown {
  const code = (error as { code?: unknown }).code;
  if (typeof code !== 'string' || !code.startsWith('Z_')) return error;
  return code === 'Z_BUF_ERROR'
    ? refusals.unreadable('is cut off: its gzip ends before its end', 'Send it again.', { cause: error })
    : refusals.unreadable('is damaged: its gzip cannot be unpacked', 'Send it again.', { cause: error });
}
