import {
  affineOf,
  column,
  determinant,
  directions,
  inverse,
  isOrientation,
  isSheared,
  matrixOf,
  product,
  rotationOf,
  scaled,
  type Vector,
  voxelSize,
} from '../geometry/affine.ts';
import type { Refusals } from '../refusals.ts';
import type { Affine, Dimensions, Sides } from '../volume.ts';
import type { NiftiHeader } from './header.ts';

export interface Orientation {
  affine: Affine;
  sides: Sides;
  from: string;
  notices: string[];
}

/** Millimetres in one unit of length, by the code of the header. Without a code nobody means anything else. */
const millimetres: Readonly<Record<number, number>> = { 1: 1000, 3: 0.001 };

/** Which of the header's orientations holds, and how far it can be relied on. */
export function orient(header: NiftiHeader, dimensions: Dimensions, refusals: Refusals): Orientation {
  const { qformCode, sformCode } = header;
  const toMm = millimetres[header.units & 7] ?? 1;
  const notices: string[] = [];
  if (toMm !== 1)
    notices.push(
      `The header's unit is ${toMm === 1000 ? 'the metre' : 'the micrometre'}; lengths were converted to millimetres.`,
    );
  const pixdim = stepsOf(header);
  const needsSteps = () => {
    if (pixdim.every((step) => Number.isFinite(step) && step > 0)) return;
    throw refusals.unreadable(
      `has no voxel size (pixdim ${header.pixdim.slice(1, 4).join(', ')})`,
      'Export the scan with its voxel size.',
    );
  };
  const s = () => checked(inMm(sform(header), toMm), 'sform', refusals);
  const q = () => {
    needsSteps();
    return checked(inMm(qform(header, pixdim), toMm), 'qform', refusals);
  };
  const negative = header.pixdim.slice(1, 4).some((step) => step < 0);
  if (negative) notices.push('A voxel size in the header is negative; its absolute value was taken.');
  const finish = (affine: Affine, sides: Sides, from: string): Orientation => {
    if (isSheared(affine))
      notices.push(
        'The axes of the voxels are not at right angles; the volume was resampled along right angles.',
      );
    if (isOblique(affine)) notices.push('The slices are oblique to the axes of the body.');
    if (from.startsWith('sform')) notices.push(...sizesDiffer(affine, scaled(pixdim, toMm)));
    return { affine, sides, from, notices };
  };

  if (sformCode <= 0 && qformCode <= 0) {
    needsSteps();
    notices.push('The file has no coded orientation: which side is left cannot be known.');
    return finish(
      unoriented(scaled(pixdim, toMm), dimensions),
      'unknown',
      'none: both orientation codes are 0, and the axes are taken as right, front, up',
    );
  }
  const takesS = sformCode > 0 && sformCode >= qformCode;
  const taken = takesS ? s() : q();
  const codes = `sform code ${sformCode}, qform code ${qformCode}`;
  const from = takesS
    ? `sform (${codes}: the sform is used when its code is above 0 and not below the qform's)`
    : `qform (${codes}: the sform's code is ${sformCode > 0 ? 'below the qform’s' : '0'})`;
  if (sformCode <= 0 || qformCode <= 0) return finish(taken, 'known', from);
  const other = inMm(takesS ? qform(header, pixdim) : sform(header), toMm);
  if (isOrientation(other) && disagree(taken, other)) {
    notices.push('The sform and the qform of the header disagree about which side is left.');
    return finish(taken, 'uncertain', from);
  }
  return finish(taken, 'known', from);
}

function stepsOf(header: NiftiHeader): Vector {
  const step = (n: number) => Math.abs(header.pixdim[n] as number);
  return [step(1), step(2), step(3)];
}

function sform({ srow }: NiftiHeader): Affine {
  return [...srow, [0, 0, 0, 1]];
}

function qform(header: NiftiHeader, [dx, dy, dz]: Vector): Affine {
  const handedness = (header.pixdim[0] as number) < 0 ? -1 : 1;
  const rotation = rotationOf(header.quaternion);
  return affineOf(
    product(rotation, [
      [dx, 0, 0],
      [0, dy, 0],
      [0, 0, dz * handedness],
    ]),
    header.qoffset,
  );
}

function inMm(affine: Affine, toMm: number): Affine {
  return affine.map((row, r) => (r === 3 ? row : (row.map((value) => value * toMm) as unknown as Affine[0])));
}

function unoriented([dx, dy, dz]: Vector, [nx, ny, nz]: Dimensions): Affine {
  return [
    [dx, 0, 0, (-dx * (nx - 1)) / 2],
    [0, dy, 0, (-dy * (ny - 1)) / 2],
    [0, 0, dz, (-dz * (nz - 1)) / 2],
    [0, 0, 0, 1],
  ];
}

function checked(affine: Affine, which: string, refusals: Refusals): Affine {
  if (isOrientation(affine)) return affine;
  throw refusals.unreadable(
    `has an orientation that is none: the ${which} of its header does not span a space`,
    'Export the scan again from its DICOM series.',
  );
}

/** Mirrored against each other, or what is right by the one is left by the other. */
function disagree(a: Affine, b: Affine): boolean {
  const [da, db] = [directions(a), directions(b)];
  if (determinant(da) * determinant(db) < 0) return true;
  return product(da, inverse(db))[0][0] <= 0;
}

function isOblique(affine: Affine): boolean {
  const d = directions(affine);
  return [0, 1, 2].some((c) => Math.max(...column(d, c).map(Math.abs)) < Math.cos((2 * Math.PI) / 180));
}

/** A sform may scale on purpose, so its voxel size holds; but somebody should hear of it. */
function sizesDiffer(affine: Affine, pixdim: Vector): string[] {
  const sizes = voxelSize(affine);
  if (sizes.every((size, n) => Math.abs(size - (pixdim[n] as number)) <= 0.01 * size)) return [];
  const list = (values: Vector) => values.map((value) => Number(value.toPrecision(4))).join(' × ');
  return [
    `The header's voxel size is ${list(pixdim)} mm, and that of its orientation ${list(sizes)} mm, which was taken.`,
  ];
}

/** The quaternion and handedness of an affine at right angles, to write it as a qform; null where it has shears. */
export function quaternionOf(affine: Affine): { quaternion: Vector; handedness: 1 | -1 } | null {
  if (isSheared(affine)) return null;
  const d = directions(affine);
  const handedness = determinant(matrixOf(affine)) < 0 ? -1 : 1;
  const [x, y, z] = [column(d, 0), column(d, 1), scaled(column(d, 2), handedness)];
  const trace = x[0] + y[1] + z[2];
  if (trace > -0.5) {
    const real = Math.sqrt(Math.max(0, 1 + trace)) / 2;
    return {
      quaternion: [(y[2] - z[1]) / (4 * real), (z[0] - x[2]) / (4 * real), (x[1] - y[0]) / (4 * real)],
      handedness,
    };
  }
  // The largest of the three can be divided by.
  const b = Math.sqrt(Math.max(0, 1 + x[0] - y[1] - z[2])) / 2;
  const c = Math.sqrt(Math.max(0, 1 - x[0] + y[1] - z[2])) / 2;
  const e = Math.sqrt(Math.max(0, 1 - x[0] - y[1] + z[2])) / 2;
  let quaternion: Vector;
  let real: number;
  if (b >= c && b >= e) {
    quaternion = [b, (x[1] + y[0]) / (4 * b), (z[0] + x[2]) / (4 * b)];
    real = y[2] - z[1];
  } else if (c >= e) {
    quaternion = [(x[1] + y[0]) / (4 * c), c, (y[2] + z[1]) / (4 * c)];
    real = z[0] - x[2];
  } else {
    quaternion = [(z[0] + x[2]) / (4 * e), (y[2] + z[1]) / (4 * e), e];
    real = x[1] - y[0];
  }
  // Turned by the other half of the circle, the real part is positive, as NIfTI takes it to be.
  return { quaternion: real < 0 ? scaled(quaternion, -1) : quaternion, handedness };
}
