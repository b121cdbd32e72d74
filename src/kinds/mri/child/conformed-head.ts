import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UnreadableMedia } from '../../../domain/errors.ts';
import { type Box, crop, sizeOf } from '../analysis/grid/box.ts';
import { headBox } from '../analysis/head-box.ts';
import { affineOf, applied, matrixOf, plus, translation } from '../volume/geometry/affine.ts';
import { conform } from '../volume/geometry/conform.ts';
import type { Scaling } from '../volume/geometry/scaling.ts';
import { UINT8 } from '../volume/nifti/datatypes.ts';
import type { NiftiHeader } from '../volume/nifti/header.ts';
import { headerOf, writeLabels } from '../volume/nifti/write.ts';
import { openScan } from '../volume/open-scan.ts';
import type { Grid, Volume, VolumeFacts } from '../volume/volume.ts';

/** A scan as the models want it, and what is needed to put labels back onto it. */
export interface ConformedHead {
  facts: VolumeFacts;
  /** The grid of the file, and its header for label maps. */
  scan: Grid;
  header: NiftiHeader;
  /** 1 mm, 0–255, axes to the left, downwards and to the front: the whole field of view. */
  volume: Volume;
  scaling: Scaling;
  /** Where there is more than air. */
  head: Box;
}

/** @throws UnsupportedMedia, UnreadableMedia or TooLarge, which name the file */
export async function openHead(path: string, fileName: string): Promise<ConformedHead> {
  const { volume: stored, facts, header } = await openScan(path, fileName);
  const { volume, low, scale } = conform(stored);
  const head = headBox(volume.data, volume.dimensions);
  if (!head) {
    throw new UnreadableMedia(
      `${fileName} is empty: no voxel in it is brighter than the air. Send the scan itself.`,
    );
  }
  const scan = { dimensions: stored.dimensions, affine: stored.affine };
  return { facts, scan, header, volume, scaling: { low, scale }, head };
}

/** The part of a conformed volume that lies in a box, as a volume of its own. */
export function inBox({ data, dimensions, affine }: Volume, box: Box): Volume {
  return { ...gridOf(affine, box), data: crop(data, dimensions, box) };
}

function gridOf(affine: Grid['affine'], box: Box): Grid {
  const matrix = matrixOf(affine);
  return {
    dimensions: sizeOf(box),
    affine: affineOf(matrix, plus(translation(affine), applied(matrix, box.from))),
  };
}

/** Keeps labels of a conformed grid, packed, for the tasks that come after. */
export async function keepLabels(path: string, labels: Uint8Array, grid: Grid): Promise<void> {
  await writeFile(path, writeLabels(labels, headerOf(grid, UINT8)));
}

/** @throws Error where the labels are not those of the grid: somebody else's, or of another version's conform */
export async function keptLabels(path: string, { dimensions }: Grid): Promise<Uint8Array> {
  const { volume } = await openScan(await readFile(path), 'The label map of an earlier step');
  const isOurs = volume.dimensions.every((length, axis) => length === dimensions[axis]);
  if (!isOurs) throw new Error(`The label map ${path} lies on another grid than the head.`);
  return Uint8Array.from(volume.data);
}

/** The file of a kept label map. */
export const labelsFile = (folder: string, name: string) => join(folder, `${name}.labels.nii.gz`);
