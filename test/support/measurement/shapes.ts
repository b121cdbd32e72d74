import {
  type Rectangle,
  smallestRectangle,
} from '../../../src/kinds/measurement/analysis/plane/smallest-rectangle.ts';

export type Colour = readonly [red: number, green: number, blue: number];
type Place = readonly [x: number, y: number];

/** Something flat on the table; places are millimetres. */
export interface Thing {
  /** Its colour at a place of the plane, sRGB 0–255; null beside it. */
  colourAt(x: number, y: number): Colour | null;
  /** Where it may be at all: middle and radius. */
  reach: readonly [x: number, y: number, radius: number];
  /** Height above the plane: it is seen by its own plane. */
  height?: number;
}

/** A thing with its true measures. */
export interface Shape extends Thing {
  name: string;
  width: number;
  height_mm: number;
  area: number;
}

type Inside = (u: number, v: number) => boolean;

function placed(
  at: Place,
  angle: number,
  radius: number,
  inside: Inside,
  paint: (u: number, v: number) => Colour,
): Thing {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return {
    reach: [at[0], at[1], radius],
    colourAt: (x, y) => {
      const [dx, dy] = [x - at[0], y - at[1]];
      const [u, v] = [dx * cos + dy * sin, dy * cos - dx * sin];
      return inside(u, v) ? paint(u, v) : null;
    },
  };
}

/** A rectangle, its corners rounded by `radius`. */
export function rectangle(at: Place, angle: number, size: Place, colour: Colour, radius = 0): Shape {
  const [a, b] = [size[0] / 2, size[1] / 2];
  const inside: Inside = (u, v) => {
    const [p, q] = [Math.abs(u), Math.abs(v)];
    if (p > a || q > b) return false;
    const [r, s] = [p - (a - radius), q - (b - radius)];
    return r <= 0 || s <= 0 || r * r + s * s <= radius * radius;
  };
  return {
    ...placed(at, angle, Math.hypot(a, b), inside, () => colour),
    name: radius > 0 ? 'rounded rectangle' : 'rectangle',
    width: Math.min(...size),
    height_mm: Math.max(...size),
    area: size[0] * size[1] - (4 - Math.PI) * radius * radius,
  };
}

export function ellipse(at: Place, angle: number, size: Place, colour: Colour): Shape {
  const [a, b] = [size[0] / 2, size[1] / 2];
  return {
    ...placed(
      at,
      angle,
      Math.max(a, b),
      (u, v) => (u / a) ** 2 + (v / b) ** 2 <= 1,
      () => colour,
    ),
    name: 'ellipse',
    width: Math.min(...size),
    height_mm: Math.max(...size),
    area: Math.PI * a * b,
  };
}

/** A regular hexagon by the distance between opposite sides. */
export function hexagon(at: Place, angle: number, across: number, colour: Colour): Shape {
  const inside: Inside = (u, v) =>
    [0, 1, 2].every(
      (k) => Math.abs(u * Math.cos((k * Math.PI) / 3) + v * Math.sin((k * Math.PI) / 3)) <= across / 2,
    );
  return {
    ...placed(at, angle, across, inside, () => colour),
    name: 'hexagon',
    width: across,
    height_mm: (across * 2) / Math.sqrt(3),
    area: (Math.sqrt(3) / 2) * across * across,
  };
}

function sidesOf(corners: [number, number][]): { width: number; height_mm: number } {
  const { width, height } = smallestRectangle(corners) as Rectangle;
  return { width, height_mm: height };
}

/** An L: a rectangle that lacks a quarter. */
export function angleIron(at: Place, angle: number, size: Place, colour: Colour): Shape {
  const [a, b] = [size[0] / 2, size[1] / 2];
  const inside: Inside = (u, v) => Math.abs(u) <= a && Math.abs(v) <= b && (u <= 0 || v <= 0);
  return {
    ...placed(at, angle, Math.hypot(a, b), inside, () => colour),
    name: 'L',
    // The smallest rectangle around an L may lie along its missing corner.
    ...sidesOf([
      [-a, -b],
      [a, -b],
      [a, 0],
      [0, b],
      [-a, b],
    ]),
    area: size[0] * size[1] * 0.75,
  };
}

/** Black and white of four markers of DICT_5X5_50, as OpenCV prints them. */
export const markerBits: Readonly<Record<number, readonly string[]>> = {
  0: ['0000000', '0101000', '0010110', '0011000', '0101010', '0111000', '0000000'],
  3: ['0000000', '0100000', '0001110', '0001010', '0011110', '0101110', '0000000'],
  10: ['0000000', '0100110', '0110010', '0110110', '0100000', '0000110', '0000000'],
  23: ['0000000', '0010110', '0101000', '0001000', '0101100', '0111100', '0000000'],
};

const ink: Colour = [28, 28, 30];
const paper: Colour = [238, 238, 235];

/** A marker on white paper that reaches `quiet` beyond it. */
export function marker(at: Place, angle: number, side: number, id = 10, quiet = side / 7): Thing {
  const bits = markerBits[id] as readonly string[];
  const [half, module] = [side / 2, side / 7];
  return placed(
    at,
    angle,
    (half + quiet) * Math.SQRT2,
    (u, v) => Math.abs(u) <= half + quiet && Math.abs(v) <= half + quiet,
    (u, v) => {
      const bit = bits[Math.floor((v + half) / module)]?.[Math.floor((u + half) / module)];
      return bit === '0' ? ink : paper;
    },
  );
}
