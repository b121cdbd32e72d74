import type { Mask } from '../grid/morphology.ts';
import { midlineCodes, sidedCodes, tissueCodes } from '../structures.ts';
import type { Plane } from './planes.ts';

type Colour = readonly [red: number, green: number, blue: number];

/** Pixels a voxel, so that outlines are finer than the voxels that they go around. */
export const ZOOM = 3;

const OUTLINES: readonly { code: number; colour: Colour }[] = [
  { code: tissueCodes.white, colour: [255, 221, 51] },
  { code: tissueCodes.grey, colour: [255, 80, 60] },
];

/** Deep structures are filled, in FreeSurfer's colours. */
const fills: ReadonlyMap<number, Colour> = new Map(
  (
    [
      [sidedCodes.lateral_ventricle, [120, 18, 134]],
      [sidedCodes.inferior_lateral_ventricle, [196, 58, 250]],
      [sidedCodes.thalamus, [0, 118, 14]],
      [sidedCodes.caudate, [122, 186, 220]],
      [sidedCodes.putamen, [236, 13, 176]],
      [sidedCodes.pallidum, [13, 48, 255]],
      [sidedCodes.hippocampus, [220, 216, 20]],
      [sidedCodes.amygdala, [103, 255, 255]],
      [sidedCodes.accumbens, [255, 165, 0]],
      [sidedCodes.ventral_diencephalon, [165, 42, 42]],
      [{ left: midlineCodes.third_ventricle, right: midlineCodes.third_ventricle }, [204, 182, 142]],
      [{ left: midlineCodes.fourth_ventricle, right: midlineCodes.fourth_ventricle }, [42, 204, 164]],
      [{ left: midlineCodes.brain_stem, right: midlineCodes.brain_stem }, [119, 159, 176]],
    ] as const
  ).flatMap(([{ left, right }, colour]) => [
    [left, colour],
    [right, colour],
  ]),
);
const OPACITY = 0.45;

/** What is painted; all on one grid, brightness 0–255. */
export interface Painted {
  values: Float32Array;
  mask: Mask;
  tissue: Uint8Array;
  structures: Uint8Array;
}

/** The slice in grey, `ZOOM` pixels a voxel, three bytes each. @param hidden leaves everything outside the brain black */
export function paintSlice(plane: Plane, { values, mask }: Painted, hidden: boolean): Uint8Array {
  const seen = (x: number, y: number) => {
    const at = plane.voxelAt(
      Math.max(0, Math.min(plane.width - 1, x)),
      Math.max(0, Math.min(plane.height - 1, y)),
    );
    return hidden && mask[at] !== 1 ? 0 : (values[at] as number);
  };
  return painted(plane, (x, y) => {
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [right, down] = [x - left, y - top];
    const value =
      (seen(left, top) * (1 - right) + seen(left + 1, top) * right) * (1 - down) +
      (seen(left, top + 1) * (1 - right) + seen(left + 1, top + 1) * right) * down;
    return [value, value, value];
  });
}

/** The slice with the outlines of white and grey matter, and the deep structures filled. */
export function paintOverlay(plane: Plane, content: Painted, hidden: boolean): Uint8Array {
  const grey = paintSlice(plane, content, hidden);
  const codeAt = (codes: Uint8Array, x: number, y: number) =>
    codes[plane.voxelAt(Math.trunc(x / ZOOM), Math.trunc(y / ZOOM))] as number;
  const [width, height] = [plane.width * ZOOM, plane.height * ZOOM];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 3 * (x + width * y);
      const fill = fills.get(codeAt(content.structures, x, y));
      if (fill) blend(grey, at, fill, OPACITY);
      const here = codeAt(content.tissue, x, y);
      const right = x + 1 < width ? codeAt(content.tissue, x + 1, y) : here;
      const below = y + 1 < height ? codeAt(content.tissue, x, y + 1) : here;
      const outline = OUTLINES.find(({ code }) =>
        [here, right, below].some((other) => isEdge(here, other, code)),
      );
      if (outline) blend(grey, at, outline.colour, 0.9);
    }
  }
  return grey;
}

/** White matter has an outline against everything, grey matter against what is no tissue of the brain. */
function isEdge(one: number, other: number, code: number): boolean {
  if (one === other || (one !== code && other !== code)) return false;
  return code === tissueCodes.white || (one !== tissueCodes.white && other !== tissueCodes.white);
}

function painted(plane: Plane, colourAt: (x: number, y: number) => Colour): Uint8Array {
  const [width, height] = [plane.width * ZOOM, plane.height * ZOOM];
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const middle = (pixel: number) => (pixel + 0.5) / ZOOM - 0.5;
      pixels.set(colourAt(middle(x), middle(y)), 3 * (x + width * y));
    }
  }
  return pixels;
}

function blend(pixels: Uint8Array, at: number, colour: Colour, opacity: number): void {
  for (let channel = 0; channel < 3; channel++) {
    const below = pixels[at + channel] as number;
    pixels[at + channel] = below * (1 - opacity) + (colour[channel] as number) * opacity;
  }
}
