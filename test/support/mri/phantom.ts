import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { Affine, Dimensions, Volume } from '../../../src/kinds/mri/volume/volume.ts';

/** What can be changed of the phantom; the defaults are those of `samples/mri/phantom.py`. */
export interface PhantomOptions {
  voxelMm?: readonly [number, number, number];
  /** Degrees around x, y and z. */
  rotation?: readonly [number, number, number];
  fieldOfViewMm?: readonly [number, number, number];
  noise?: number;
  bias?: number;
  seed?: number;
  stripped?: boolean;
  lesion?: boolean;
}

/** 0 background, 1 white, 2 grey, 3 CSF, 4 skull, 5 scalp. */
export interface Phantom extends Volume {
  /** The label at each voxel's centre. */
  labels: Uint8Array;
  /** Millilitres of each label, from 27 samples a voxel. */
  volumesMl: readonly number[];
}

const SAMPLES = 3;
const means = [0, 1, 0.72, 0.28, 0.12, 0.85];

/**
 * A digital head with exact labels, the formulas of `phantom.py`: defined in millimetres in world space, so that every grid
 * samples the same head. Its noise comes from another generator than NumPy's.
 */
export function phantom({
  voxelMm = [1, 1, 1],
  rotation = [0, 0, 0],
  fieldOfViewMm = [180, 220, 200],
  noise = 0.03,
  bias = 0.2,
  seed = 1,
  stripped = false,
  lesion = false,
}: PhantomOptions = {}): Phantom {
  const dimensions = voxelMm.map((mm, axis) => Math.round((fieldOfViewMm[axis] as number) / mm));
  const [nx, ny, nz] = dimensions as [number, number, number];
  const affine = affineOf(rotation, voxelMm, [nx, ny, nz]);
  const head = new Head(affine, lesion);
  const labels = new Uint8Array(nx * ny * nz);
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++) labels[at++] = head.labelAt(i, j, k);
    }
  }
  const data = new Float32Array(labels.length);
  const counts = new Array<number>(6).fill(0);
  const normal = normals(seed);
  for (let k = 0, at = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, at++) {
        const parts = isUniform(labels, [nx, ny, nz], i, j, k)
          ? wholeVoxel(labels[at] as number)
          : head.partsOf(i, j, k);
        let mean = 0;
        for (let label = 0; label < 6; label++) {
          const count = parts[label] as number;
          counts[label] = (counts[label] as number) + count;
          if (!(stripped && label > 3)) mean += (means[label] as number) * (count / SAMPLES ** 3);
        }
        const bright = mean * (1 + bias * head.shadeAt(i, j, k)) + noise * normal();
        data[at] = Math.trunc(Math.min(32767, Math.hypot(bright, noise * normal()) * 900));
      }
    }
  }
  if (stripped) {
    for (let at = 0; at < labels.length; at++) {
      if ((labels[at] as number) > 3) labels[at] = 0;
      if (labels[at] === 0) data[at] = 0;
    }
  }
  const ml = (voxelMm[0] * voxelMm[1] * voxelMm[2]) / SAMPLES ** 3 / 1000;
  return { dimensions: [nx, ny, nz], data, affine, labels, volumesMl: counts.map((count) => count * ml) };
}

function ellipsoid(
  x: number,
  y: number,
  z: number,
  [cx, cy, cz]: readonly [number, number, number],
  [rx, ry, rz]: readonly [number, number, number],
): number {
  return ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 + ((z - cz) / rz) ** 2;
}

function labelAt(x: number, y: number, z: number, lesion: boolean): number {
  if (!(ellipsoid(x, y, z, [0, 0, 0], [80, 98, 90]) < 1)) return 0;
  if (lesion && ellipsoid(x, y, z, [-32, 20, 28], [9, 9, 9]) < 1) return 3;
  if (ellipsoid(x, y, z, [0, -26, -36], [13, 12, 34]) < 1) return 1;
  // Later structures lie over earlier ones, and those of the right side over those of the left.
  for (const side of [1, -1]) {
    const cerebellum = ellipsoid(x, y, z, [side * 25, -50, -38], [26, 24, 20]);
    if (cerebellum < 0.42) return 1;
    if (cerebellum < 1) return 2;
    if (ellipsoid(x, y, z, [side * 24, 6, 2], [6, 17, 10]) < 1) return 2;
    if (ellipsoid(x, y, z, [side * 14, -6, 2], [9, 14, 9]) < 1) return 2;
    if (ellipsoid(x, y, z, [side * 12, -2, 14], [6, 30, 8]) < 1) return 3;
  }
  if (Math.abs(x) <= 8 && ellipsoid(x, y, z, [0, 0, 12], [9, 38, 7]) < 1) return 1;
  const cerebrum = foldedRadius(x, y, z);
  if (cerebrum < 0.87 && Math.abs(x) > 2.5 && z > -26) return 1;
  if (cerebrum < 1 && Math.abs(x) > 1 && z > -30) return 2;
  if (ellipsoid(x, y, z, [0, 0, 3], [69, 86, 77]) < 1) return 3;
  return ellipsoid(x, y, z, [0, 0, 2], [75, 93, 85]) < 1 ? 4 : 5;
}

/** Below 1 within the cerebrum; the left side is 2 % longer. */
function foldedRadius(x: number, y: number, z: number): number {
  const radius = Math.sqrt(ellipsoid(x, y, z, [0, 2, 8], [62, 80, 62])) / (x < 0 ? 1.02 : 1);
  // The folds change the radius by at most 5.5 %.
  if (radius < 0.8 || radius > 1.06) return radius;
  const theta = Math.atan2(y, x + 1e-6);
  const phi = Math.atan2(z - 8, Math.hypot(x, y) + 1e-6);
  return (
    radius / (1 + 0.035 * Math.sin(9 * theta) * Math.cos(5 * phi) + 0.02 * Math.sin(17 * theta + 3 * phi))
  );
}

/** Whether a voxel and all around it have one label, so that samples within it would have the same. */
function isUniform(labels: Uint8Array, [nx, ny, nz]: Dimensions, i: number, j: number, k: number): boolean {
  const own = labels[i + nx * (j + ny * k)];
  for (let dk = k > 0 ? -1 : 0; dk <= 1 && k + dk < nz; dk++) {
    for (let dj = j > 0 ? -1 : 0; dj <= 1 && j + dj < ny; dj++) {
      for (let di = i > 0 ? -1 : 0; di <= 1 && i + di < nx; di++) {
        if (labels[i + di + nx * (j + dj + ny * (k + dk))] !== own) return false;
      }
    }
  }
  return true;
}

const whole = Array.from({ length: 6 }, (_, label) =>
  Array.from({ length: 6 }, (_, at) => (at === label ? SAMPLES ** 3 : 0)),
);
const wholeVoxel = (label: number) => whole[label] as readonly number[];

/** The head on a grid. */
class Head {
  readonly #affine: Affine;
  readonly #lesion: boolean;
  readonly #parts = [0, 0, 0, 0, 0, 0];

  constructor(affine: Affine, lesion: boolean) {
    this.#affine = affine;
    this.#lesion = lesion;
  }

  labelAt(i: number, j: number, k: number): number {
    return labelAt(this.#world(0, i, j, k), this.#world(1, i, j, k), this.#world(2, i, j, k), this.#lesion);
  }

  /** How much brighter than the mean the coil makes a voxel, for a bias of 1. */
  shadeAt(i: number, j: number, k: number): number {
    const [x, y, z] = [this.#world(0, i, j, k), this.#world(1, i, j, k), this.#world(2, i, j, k)];
    return 0.6 * Math.sin((x + 20) / 70) + (0.4 * Math.cos((z - 10) / 60) * y) / 90;
  }

  /** How many of a voxel's 27 samples have each label. The next call changes the list. */
  partsOf(i: number, j: number, k: number): readonly number[] {
    this.#parts.fill(0);
    const reach = (SAMPLES - 1) / 2;
    for (let dk = -reach; dk <= reach; dk++) {
      for (let dj = -reach; dj <= reach; dj++) {
        for (let di = -reach; di <= reach; di++) {
          const label = this.labelAt(i + di / SAMPLES, j + dj / SAMPLES, k + dk / SAMPLES);
          this.#parts[label] = (this.#parts[label] as number) + 1;
        }
      }
    }
    return this.#parts;
  }

  #world(axis: number, i: number, j: number, k: number): number {
    const row = this.#affine[axis] as Affine[number];
    return row[0] * i + row[1] * j + row[2] * k + row[3];
  }
}

function affineOf(
  degrees: readonly [number, number, number],
  voxelMm: readonly [number, number, number],
  dimensions: Dimensions,
): Affine {
  const [a, b, c] = degrees.map((degree) => (degree * Math.PI) / 180) as [number, number, number];
  const [sa, ca, sb, cb, sc, cc] = [a, a, b, b, c, c].map((angle, at) =>
    at % 2 === 0 ? Math.sin(angle) : Math.cos(angle),
  ) as [number, number, number, number, number, number];
  // Rz · Ry · Rx
  const turned = [
    [cc * cb, cc * sb * sa - sc * ca, cc * sb * ca + sc * sa],
    [sc * cb, sc * sb * sa + cc * ca, sc * sb * ca - cc * sa],
    [-sb, cb * sa, cb * ca],
  ];
  const rows = turned.map((row) => {
    const scaled = row.map((value, axis) => value * (voxelMm[axis] as number)) as [number, number, number];
    const centre = scaled.reduce(
      (sum, value, axis) => sum + (value * ((dimensions[axis] as number) - 1)) / 2,
      0,
    );
    return [...scaled, -centre] as [number, number, number, number];
  });
  return [...rows, [0, 0, 0, 1]];
}

/** Values of the standard normal distribution (Box–Muller). */
function normals(seed: number): () => number {
  const random: RandomGenerator = xoroshiro128plus(seed);
  const uniform = () => ((random.next() >>> 0) + 0.5) / 2 ** 32;
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
