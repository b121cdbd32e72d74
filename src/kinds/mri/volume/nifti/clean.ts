import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Refusals } from '../refusals.ts';
import { datatypes } from './datatypes.ts';
import { writeHeader } from './header.ts';
import { cutOff, MOST_BEHIND, voxelBytes } from './read.ts';
import { type NiftiFiles, openVoxels } from './stream.ts';
import { geometryOnly, SYSTEM, UNKNOWN_SYSTEM } from './write.ts';

/** What may be cleaned, though not all of it can be segmented. */
const MOST_BYTES = 4 * 1024 ** 3;

/**
 * The same voxels under a header that has geometry and scaling only, as `.nii.gz`: texts, extensions, times, and whatever stands between and
 * behind what counts are not copied. It refuses no volume for what it shows: a file that is refused later is kept like this.
 */
export async function* cleanNifti(files: NiftiFiles, refusals: Refusals): AsyncGenerator<Uint8Array> {
  const packing = createGzip();
  const done = pipeline(cleaned(files, refusals), packing);
  // It is waited for below; until then nobody has looked at it.
  done.catch(() => {});
  let first = true;
  for await (const piece of packing as AsyncIterable<Buffer>) {
    if (first) piece[SYSTEM] = UNKNOWN_SYSTEM;
    first = false;
    yield piece;
  }
  await done;
}

async function* cleaned(files: NiftiFiles, refusals: Refusals): AsyncGenerator<Uint8Array> {
  await using opened = await openVoxels(files, refusals);
  const { header, voxels, most } = opened;
  const promised = voxelBytes(header, refusals);
  if (promised > MOST_BYTES)
    throw refusals.tooLarge('has more than 4 GiB of voxels', 'Send the T1-weighted volume alone.');
  if (promised > most) throw cutOff(promised, `at most ${most}`, refusals);
  const bits = datatypes.get(header.datatype)?.bits ?? 8;
  yield writeHeader({ ...geometryOnly(header), single: true }, { bits });
  let there = 0;
  for await (const piece of voxels.pieces(promised)) {
    there += piece.length;
    yield piece;
  }
  if (there < promised) throw cutOff(promised, `${there}`, refusals);
  await voxels.skip(MOST_BEHIND);
}
