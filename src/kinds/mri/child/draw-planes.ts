import { join } from 'node:path';
import sharp from 'sharp';
import type { Mask } from '../analysis/grid/morphology.ts';
import { lettersSvg } from '../analysis/pictures/letters.ts';
import { type Painted, paintOverlay, paintSlice, ZOOM } from '../analysis/pictures/paint.ts';
import { type Plane, type PlaneName, planesThrough } from '../analysis/pictures/planes.ts';
import type { Sides, Volume } from '../volume/volume.ts';

/** Paths of the pictures of a slice, PNG. */
export interface DrawnPlane {
  plane: PlaneName;
  /** With outlines and structures. */
  overlay: string;
  /** Nothing but the brain, black around it: what may be shown to others, since a head shows a face. */
  brain: string;
  width: number;
  height: number;
}

export interface PlanesToDraw {
  volume: Volume;
  mask: Mask;
  tissue: Uint8Array;
  structures: Uint8Array;
  sides: Sides;
  deface: boolean;
  folder: string;
}

/** Draws a slice in each of three planes, with letters for the sides and "not for diagnosis". */
export async function drawPlanes({
  volume,
  mask,
  tissue,
  structures,
  sides,
  deface,
  folder,
}: PlanesToDraw): Promise<DrawnPlane[]> {
  const content: Painted = { values: volume.data, mask, tissue, structures };
  const drawn: DrawnPlane[] = [];
  for (const plane of planesThrough(mask, structures, volume.dimensions)) {
    const overlay = join(folder, `overlay-${plane.name}.png`);
    const brain = join(folder, `brain-${plane.name}.png`);
    await writePng(overlay, plane, paintOverlay(plane, content, deface), sides);
    await writePng(brain, plane, paintSlice(plane, content, true), sides);
    drawn.push({ plane: plane.name, overlay, brain, width: plane.width * ZOOM, height: plane.height * ZOOM });
  }
  return drawn;
}

async function writePng(path: string, plane: Plane, pixels: Uint8Array, sides: Sides): Promise<void> {
  const [width, height] = [plane.width * ZOOM, plane.height * ZOOM];
  await sharp(pixels, { raw: { width, height, channels: 3 } })
    .composite([{ input: Buffer.from(wordsSvg(plane, width, height, sides)) }])
    .png()
    .toFile(path);
}

function wordsSvg({ edges }: Plane, width: number, height: number, sides: Sides): string {
  const size = Math.round(Math.min(width, height) / 18);
  const shown = (edge: string) => (sides === 'known' || !'LR'.includes(edge) ? edge : `${edge}?`);
  const [left, right] = edges.map(shown) as [string, string];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${[
    lettersSvg(left, 1.5 * size, height / 2, size),
    lettersSvg(right, width - 1.5 * size, height / 2, size),
    lettersSvg('NOT FOR DIAGNOSIS', width / 2, height - 1.8 * size * 0.7, size * 0.7),
  ].join('')}</svg>`;
}
