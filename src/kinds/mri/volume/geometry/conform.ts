import type { Dimensions, Grid, Numbers, StoredVolume, Volume } from '../volume.ts';
import { affineOf, applied, centre, inverse, type Matrix, minus, type Vector } from './affine.ts';
import { type Canonical, canonical, modelAxes } from './canonical.ts';
import { type Scaling, scalingToBytes } from './scaling.ts';

export interface Conformed extends Scaling {
  /** Voxels of 1 mm, whole numbers from 0 to 255; axes to the left, downwards, to the front. */
  volume: Volume;
}

/**
 * What the models want, as FreeSurfer's conform has it: 1 mm, along the axes of the body, 0–255. The box is as large as the field of
 * view; crop it or fill it up with `inBox`. Voxels without a number are background, and so is what lies outside.
 */
export function conform(source: StoredVolume): Conformed {
  const view = canonical(source);
  const grid = conformedGrid(source);
  const scaling = scalingToBytes(source);
  const { slope, intercept } = source;
  const stored = withoutHoles(source, scaling.low);
  // What lies outside is as dark as the darkest voxel.
  const dark = (scaling.low - intercept) / slope;
  const data = view.straight
    ? resampledByAxis(stored, dark, view, grid)
    : resampled(stored, dark, view, grid);
  const scale = scaling.scale * slope;
  for (let n = 0; n < data.length; n++) {
    // Rounded as IEEE 754 and FreeSurfer do, halves to even: adding a large number loses the fraction.
    const value = (data[n] as number) * scale;
    data[n] = value <= 0 ? 0 : value >= 255 ? 255 : value + ROUNDING - ROUNDING;
  }
  return { volume: { ...grid, data }, low: scaling.low, scale: scaling.scale };
}

const ROUNDING = 2 ** 52;

/** Where the voxels of the conformed volume are. */
export function conformedGrid(source: Grid): Grid {
  const { dimensions, matrix } = canonical(source);
  const extent = (axis: number) =>
    matrix[axis]?.reduce((sum, value, c) => sum + Math.abs(value) * (dimensions[c] as number), 0) as number;
  // The lengths of a header are rounded, so 199.9999 mm are 200.
  const size = (axis: number) => Math.max(1, Math.ceil(extent(axis) - 0.01));
  const conformed: Dimensions = [size(0), size(1), size(2)];
  const turned = inverse(modelAxes);
  const middle = centre({ dimensions: conformed, affine: affineOf(turned, [0, 0, 0]) });
  return { dimensions: conformed, affine: affineOf(turned, minus(centre(source), middle)) };
}

/** How a canonical voxel is found for a voxel of the conformed grid; both are counted from the middles, which are one place. */
interface Way {
  matrix: Matrix;
  from: Vector;
  to: Vector;
}

function wayBack(view: Canonical, dimensions: Dimensions): Way {
  const middle = (sizes: Dimensions): Vector => [(sizes[0] - 1) / 2, (sizes[1] - 1) / 2, (sizes[2] - 1) / 2];
  return { matrix: inverse(view.matrix), from: middle(dimensions), to: middle(view.dimensions) };
}

/** The values as they are stored, those that are no numbers as dark as the darkest. */
function withoutHoles({ data, slope, intercept }: StoredVolume, low: number): Numbers {
  if (!(data instanceof Float32Array || data instanceof Float64Array) || data.every(Number.isFinite))
    return data;
  const dark = (low - intercept) / slope;
  return data.map((value) => (Number.isFinite(value) ? value : dark));
}

/** Which source voxels make a target voxel along one axis, with which weights. */
interface Taps {
  at: Int32Array;
  weight: Float64Array;
  count: number;
}

/** Finer voxels than this are averaged, or their noise would stay while their resolution goes. */
function pointsPerVoxel(size: number): number {
  return Math.max(1, Math.min(4, Math.round(1 / size)));
}

function tapsAlong(size: number, sourceLength: number, targetLength: number): Taps {
  const points = pointsPerVoxel(size);
  const count = points * 2;
  const at = new Int32Array(targetLength * count);
  const weight = new Float64Array(targetLength * count);
  for (let target = 0; target < targetLength; target++) {
    for (let point = 0; point < points; point++) {
      const offset = (point - (points - 1) / 2) / points;
      const place = (target + offset - (targetLength - 1) / 2) / size + (sourceLength - 1) / 2;
      // Half a voxel beyond the last middle still belongs to the voxel.
      if (place < -0.5 - 1e-6 || place > sourceLength - 0.5 + 1e-6) continue;
      const within = Math.min(Math.max(place, 0), sourceLength - 1);
      const low = Math.min(Math.floor(within), Math.max(0, sourceLength - 2));
      const n = target * count + point * 2;
      const share = within - low;
      at[n] = low;
      at[n + 1] = Math.min(low + 1, sourceLength - 1);
      weight[n] = (1 - share) / points;
      weight[n + 1] = share / points;
    }
  }
  return { at, weight, count };
}

/** One axis after another, slice by slice of the source, so that nothing but two slices is kept beside the result. */
function resampledByAxis(stored: Numbers, dark: number, view: Canonical, { dimensions }: Grid): Float32Array {
  const [sx, sy, sz] = view.dimensions;
  const [nx, ny, nz] = dimensions;
  const x = tapsAlong(view.matrix[0][0], sx, nx);
  const y = tapsAlong(view.matrix[1][1], sy, ny);
  const z = tapsAlong(view.matrix[2][2], sz, nz);
  const takers = slicesTakenBy(z, sz, nz);
  const data = new Float32Array(nx * ny * nz);
  const slice = new Float64Array(sx);
  const rows = new Float64Array(nx * sy);
  const plane = new Float64Array(nx * ny);
  for (let k = 0; k < sz; k++) {
    const taken = takers[k] as { target: number; weight: number }[];
    if (taken.length === 0) continue;
    for (let j = 0; j < sy; j++) {
      let index = view.base + k * view.strides[2] + j * view.strides[1];
      for (let i = 0; i < sx; i++, index += view.strides[0]) slice[i] = (stored[index] as number) - dark;
      for (let i = 0; i < nx; i++) {
        let sum = 0;
        for (let n = i * x.count; n < (i + 1) * x.count; n++)
          sum += (slice[x.at[n] as number] as number) * (x.weight[n] as number);
        rows[j * nx + i] = sum;
      }
    }
    plane.fill(0);
    for (let j = 0; j < ny; j++) {
      for (let n = j * y.count; n < (j + 1) * y.count; n++) {
        const weight = y.weight[n] as number;
        if (weight === 0) continue;
        const row = (y.at[n] as number) * nx;
        for (let i = 0; i < nx; i++)
          plane[j * nx + i] = (plane[j * nx + i] as number) + (rows[row + i] as number) * weight;
      }
    }
    for (const { target, weight } of taken) {
      const begin = target * nx * ny;
      for (let n = 0; n < plane.length; n++)
        data[begin + n] = (data[begin + n] as number) + (plane[n] as number) * weight;
    }
  }
  return data;
}

/** For each slice of the source, which slices of the target it goes into. */
function slicesTakenBy({ at, weight, count }: Taps, sourceLength: number, targetLength: number) {
  const takers = Array.from({ length: sourceLength }, () => [] as { target: number; weight: number }[]);
  for (let n = 0; n < targetLength * count; n++) {
    const share = weight[n] as number;
    if (share > 0) takers[at[n] as number]?.push({ target: Math.floor(n / count), weight: share });
  }
  return takers;
}

/** Any affine, turned or sheared: each value from the eight voxels around it. */
function resampled(stored: Numbers, dark: number, view: Canonical, { dimensions }: Grid): Float32Array {
  const [nx, ny, nz] = dimensions;
  const { matrix, from, to } = wayBack(view, dimensions);
  const data = new Float32Array(nx * ny * nz);
  const edges = [0, 1, 2].map((c) => Math.hypot(...view.matrix.map((row) => row[c] as number)));
  // Eight places a voxel are enough: more of them only take time.
  const points = Math.min(2, pointsPerVoxel(Math.min(...edges)));
  const offsets = Array.from({ length: points }, (_, n) => (n - (points - 1) / 2) / points);
  const share = 1 / points ** 3;
  const [stepX, stepY, stepZ] = [matrix[0][0], matrix[1][0], matrix[2][0]];
  const [sx, sy, sz] = view.dimensions;
  const [dx, dy, dz] = view.strides;
  for (const [offX, offY, offZ] of everyTriple(offsets)) {
    for (let row = 0; row < ny * nz; row++) {
      const [j, k] = [row % ny, Math.floor(row / ny)];
      const begin = applied(matrix, [offX - from[0], j + offY - from[1], k + offZ - from[2]]);
      for (let i = 0; i < nx; i++) {
        let x = begin[0] + to[0] + i * stepX;
        let y = begin[1] + to[1] + i * stepY;
        let z = begin[2] + to[2] + i * stepZ;
        // Half a voxel beyond the last middle still belongs to the voxel.
        if (x < -0.5 || y < -0.5 || z < -0.5 || x > sx - 0.5 || y > sy - 0.5 || z > sz - 0.5) continue;
        x = Math.min(Math.max(x, 0), sx - 1);
        y = Math.min(Math.max(y, 0), sy - 1);
        z = Math.min(Math.max(z, 0), sz - 1);
        const [u, v, w] = [Math.floor(x), Math.floor(y), Math.floor(z)];
        const [fx, fy, fz] = [x - u, y - v, z - w];
        const near = view.base + u * dx + v * dy + w * dz;
        const [toX, toY, toZ] = [fx > 0 ? dx : 0, fy > 0 ? dy : 0, fz > 0 ? dz : 0];
        const far = near + toZ;
        const nearValue =
          ((stored[near] as number) * (1 - fx) + (stored[near + toX] as number) * fx) * (1 - fy) +
          ((stored[near + toY] as number) * (1 - fx) + (stored[near + toX + toY] as number) * fx) * fy;
        const farValue =
          ((stored[far] as number) * (1 - fx) + (stored[far + toX] as number) * fx) * (1 - fy) +
          ((stored[far + toY] as number) * (1 - fx) + (stored[far + toX + toY] as number) * fx) * fy;
        const value = nearValue * (1 - fz) + farValue * fz - dark;
        const at = row * nx + i;
        data[at] = (data[at] as number) + value * share;
      }
    }
  }
  return data;
}

function everyTriple(values: readonly number[]): Vector[] {
  return values.flatMap((z) => values.flatMap((y) => values.map((x): Vector => [x, y, z])));
}

/** Puts labels of the conformed grid back on the grid of the original: each voxel takes the label that is at its middle. */
export function putBack(labels: Uint8Array, original: Grid): Uint8Array {
  const view = canonical(original);
  const { dimensions } = conformedGrid(original);
  const [nx, ny, nz] = dimensions;
  const [sx, sy, sz] = view.dimensions;
  const { matrix } = view;
  const { from, to } = wayBack(view, dimensions);
  const back = new Uint8Array(sx * sy * sz);
  for (let k = 0; k < sz; k++) {
    for (let j = 0; j < sy; j++) {
      const [x, y, z] = applied(matrix, [-to[0], j - to[1], k - to[2]]);
      let index = view.base + k * view.strides[2] + j * view.strides[1];
      for (let i = 0; i < sx; i++, index += view.strides[0]) {
        const u = nearest(x + i * matrix[0][0] + from[0]);
        const v = nearest(y + i * matrix[1][0] + from[1]);
        const w = nearest(z + i * matrix[2][0] + from[2]);
        if (u < 0 || v < 0 || w < 0 || u >= nx || v >= ny || w >= nz) continue;
        back[index] = labels[(w * ny + v) * nx + u] as number;
      }
    }
  }
  return back;
}

/** A middle that lies between two voxels by rounding only goes to the same one always. */
function nearest(place: number): number {
  return Math.floor(place + 0.5 + 1e-7);
}
