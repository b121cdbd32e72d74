import { centreOf } from '../../geometry/polygon.ts';
import type { ConfidenceTerm, FoundReference, Point } from '../../outcome.ts';
import { apply, type Homography, homographyOf, inverse, jacobian } from '../plane/homography.ts';

/** A reference and the plane it spans. */
export interface ReferencePlane {
  found: FoundReference;
  /** Image pixels to millimetres. */
  homography: Homography;
  /** What it rests on: places in the image and in the plane. */
  image: readonly Point[];
  plane: readonly Point[];
  /** Standard error of each place in the image, pixels. */
  error: number;
  /** How to get the map from places; the same as made `homography`. */
  spanned: (image: readonly Point[], plane: readonly Point[]) => Homography | null;
  terms: ConfidenceTerm[];
  /** Outlines within which nothing is an object. */
  zones: Point[][];
  /** Where the scale comes from, in words. */
  says: string;
  /** How much a place may be off, as a share, at a distance in pixels, beyond what the corners tell. */
  drift: (pixels: number) => number;
}

/** Corners of a rectangle lying at the origin, top left first, clockwise; millimetres. */
export function rectangleAt(width: number, height: number): Point[] {
  return [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ];
}

/** Pixels a millimetre at the reference's middle. */
export function pixelsPerMillimetre({ homography, found }: ReferencePlane): number {
  const [a, b, c, d] = jacobian(homography, centreOf(found.corners));
  return 1 / Math.sqrt(Math.abs(a * d - b * c));
}

/** Degrees between the line of sight and the plane's normal, by how much one direction is foreshortened. */
export function tiltOf(homography: Homography, at: Point): number {
  const [a, b, c, d] = jacobian(homography, at);
  // Singular values of a 2 × 2 matrix in closed form.
  const sum = Math.hypot(a + d, c - b);
  const difference = Math.hypot(a - d, c + b);
  const ratio = Math.abs(sum - difference) / (sum + difference);
  return (Math.acos(Math.min(1, ratio)) * 180) / Math.PI;
}

/**
 * How far, as a share, the places are from what a camera without distortion, with square pixels, its axis through
 * the picture's middle and any usual lens, can see of the plane: the first two columns of K⁻¹·H must be of one
 * length and at right angles (Zhang, "A flexible new technique for camera calibration", PAMI 2000).
 */
export function squarenessMisfit(
  homography: Homography,
  size: { width: number; height: number },
  at: Point,
): number {
  const back = inverse(homography);
  if (!back) return 1;
  const longer = Math.max(size.width, size.height);
  // Columns are taken at the reference, not at the plane's origin: their directions are the same, but comparable.
  const [x, y] = apply(homography, at);
  let least = 1;
  // Focal lengths from a wide phone lens to a portrait lens, in longer sides of the picture.
  for (let focal = 0.5; focal < 4; focal *= 1.08) {
    const f = focal * longer;
    const column = (k: number) => [
      ((back[k] as number) - (size.width / 2) * (back[6 + k] as number)) / f,
      ((back[3 + k] as number) - (size.height / 2) * (back[6 + k] as number)) / f,
      back[6 + k] as number,
    ];
    const [p, q] = [column(0), column(1)] as [number[], number[]];
    const dot = (u: number[], v: number[]) => u.reduce((sum, value, i) => sum + value * (v[i] as number), 0);
    const [pp, qq, pq] = [dot(p, p), dot(q, q), dot(p, q)];
    least = Math.min(
      least,
      Math.hypot((Math.sqrt(pp) - Math.sqrt(qq)) / Math.sqrt(Math.max(pp, qq)), pq / Math.sqrt(pp * qq)),
    );
  }
  return Number.isFinite(x + y) ? least : 1;
}

/**
 * Error to expect, as a share, of lengths between `points` of the image: each coordinate the plane rests on is
 * moved by its standard error in turn, and what that does is added up in squares.
 */
export function expectedError(reference: ReferencePlane, points: readonly Point[]): number {
  const { homography, image, plane, error, spanned, drift, found } = reference;
  const lengths = (h: Homography) => {
    const flat = points.map((point) => apply(h, point));
    return flat.map(([x, y], i) => {
      const [u, v] = flat[(i + 1) % flat.length] as Point;
      return Math.hypot(u - x, v - y);
    });
  };
  const usual = lengths(homography);
  const squares = usual.map(() => 0);
  for (let i = 0; i < image.length; i++) {
    for (const axis of [0, 1]) {
      const moved = image.map((point, k): Point => {
        if (k !== i) return point;
        return axis === 0 ? [point[0] + error, point[1]] : [point[0], point[1] + error];
      });
      const h = spanned(moved, plane);
      if (!h) return 1;
      for (const [k, length] of lengths(h).entries()) {
        const usually = usual[k] as number;
        squares[k] = (squares[k] as number) + ((length - usually) / usually) ** 2;
      }
    }
  }
  const centre = centreOf(found.corners);
  const [x, y] = centreOf(points);
  const worst = Math.sqrt(Math.max(...squares)) + drift(Math.hypot(x - centre[0], y - centre[1]));
  return Number.isFinite(worst) ? Math.min(1, worst) : 1;
}

export const usualFit = (image: readonly Point[], plane: readonly Point[]): Homography | null =>
  homographyOf(image, plane);
