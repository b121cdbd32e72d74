import type { Raster } from '../../../src/kinds/measurement/analysis/raster.ts';
import { seededRandom } from './seeded-random.ts';
import type { Colour, Thing } from './shapes.ts';

/** A pinhole camera over a table. */
export interface Camera {
  width: number;
  height: number;
  /** Focal length in widths of the picture. */
  focal: number;
  /** Between the line of sight and the plane's normal, and the side to which it leans; degrees. */
  tilt: number;
  turn: number;
  /** Millimetres from the lens to where the axis meets the table. */
  distance: number;
  /** Where that is. */
  over: readonly [x: number, y: number];
}

export interface Scene {
  camera: Camera;
  table: Colour;
  things: readonly Thing[];
  seed: number;
  /** Standard deviation of the blur, pixels. */
  blur: number;
  /** Of the sensor's noise, sRGB values. */
  noise: number;
  /** Light lost in the corners, and by how much one side is darker than the other; shares. */
  vignetting: number;
  slope: number;
  /** Contrast of the table's grain, sRGB values. */
  grain: number;
  /** Darkness of a soft shadow beside each thing, as a share; 0: none. */
  shadow: number;
}

/** Looks a pixel, across and down, where something begins or ends. */
const SAMPLES = 4;
/** Where shadows fall, millimetres. */
const SUN = [12, 8] as const;

/** Plane to image, row by row, for a plane so many millimetres nearer to the lens than the table. */
export function projection(camera: Camera, height = 0): number[] {
  const rad = Math.PI / 180;
  const [t, a] = [camera.tilt * rad, camera.turn * rad];
  // Turns the table under the camera, then leans the camera.
  const x = [Math.cos(a), -Math.sin(a), 0];
  const y = [Math.sin(a) * Math.cos(t), Math.cos(a) * Math.cos(t), -Math.sin(t)];
  const z = [Math.sin(a) * Math.sin(t), Math.cos(a) * Math.sin(t), Math.cos(t)];
  const f = camera.focal * camera.width;
  const [cx, cy] = [camera.width / 2, camera.height / 2];
  const [ox, oy] = camera.over;
  // A place (X, Y, −height) seen from the lens: R·(X − ox, Y − oy, −height) + (0, 0, distance).
  const column = (k: number) => [x[k] as number, y[k] as number, z[k] as number];
  const [r1, r2, r3] = [column(0), column(1), column(2)] as [number[], number[], number[]];
  const shift = [0, 1, 2].map(
    (k) =>
      -(r1[k] as number) * ox -
      (r2[k] as number) * oy -
      (r3[k] as number) * height +
      (k === 2 ? camera.distance : 0),
  );
  const row = (k: number, c: number) =>
    [r1, r2, shift].map((vector) => f * (vector[k] as number) + c * (vector[2] as number));
  return [...row(0, cx), ...row(1, cy), ...[r1, r2, shift].map((vector) => vector[2] as number)];
}

/** Draws a scene in linear light, blurs it, and makes it 8-bit sRGB with noise. */
export function renderScene(scene: Scene): Raster {
  const { camera, things, table } = scene;
  const { width, height } = camera;
  const linear = new Float32Array(width * height * 3);
  const views = things.map((thing) => ({ thing, back: invert(projection(camera, thing.height ?? 0)) }));
  const ground = invert(projection(camera));
  const thingAt = (u: number, v: number): Colour | null => {
    for (let i = views.length - 1; i >= 0; i--) {
      const { thing, back } = views[i] as (typeof views)[number];
      const [x, y] = map(back, u, v);
      const [rx, ry, r] = thing.reach;
      if (Math.abs(x - rx) > r || Math.abs(y - ry) > r) continue;
      const colour = thing.colourAt(x, y);
      if (colour) return colour;
    }
    return null;
  };
  const tableAt = (u: number, v: number): { colour: Colour; light: number } => {
    const [x, y] = map(ground, u, v);
    const grain = scene.grain * Math.sin(x * 0.9 + 3 * Math.sin(y * 0.13)) * Math.sin(y * 0.21 + x * 0.05);
    let light = 1;
    for (const { thing } of scene.shadow > 0 ? views : []) {
      const [rx, ry, r] = thing.reach;
      const away = Math.hypot(x - rx - SUN[0], y - ry - SUN[1]) / (r * 1.25);
      light *= 1 - scene.shadow * Math.max(0, 1 - away * away) ** 2;
    }
    return { colour: [table[0] + grain, table[1] + grain, table[2] + grain], light };
  };
  let above = Array.from({ length: width + 1 }, (_, x) => thingAt(x, 0));
  for (let py = 0, at = 0; py < height; py++) {
    const below = Array.from({ length: width + 1 }, (_, x) => thingAt(x, py + 1));
    for (let px = 0; px < width; px++, at += 3) {
      // Where all four corners show the same, one look is enough.
      const isPlain = [above[px + 1], below[px], below[px + 1]].every((one) => one === above[px]);
      const across = isPlain ? 1 : SAMPLES;
      for (let s = 0; s < across * across; s++) {
        const u = px + ((s % across) + 0.5) / across;
        const v = py + (Math.floor(s / across) + 0.5) / across;
        const thing = thingAt(u, v);
        const { colour, light } = thing ? { colour: thing, light: 1 } : tableAt(u, v);
        for (let c = 0; c < 3; c++) {
          const share = (toLinear(colour[c] as number) * light) / (across * across);
          linear[at + c] = (linear[at + c] as number) + share;
        }
      }
      const [dx, dy] = [(2 * px) / width - 1, (2 * py) / height - 1];
      const light = (1 - scene.vignetting * (dx * dx + dy * dy) * 0.5) * (1 + scene.slope * dx * 0.5);
      for (let c = 0; c < 3; c++) linear[at + c] = (linear[at + c] as number) * light;
    }
    above = below;
  }
  const seen = scene.blur > 0 ? blurred(linear, width, height, scene.blur) : linear;
  const random = seededRandom(scene.seed);
  const data = new Uint8Array(seen.length);
  for (let i = 0; i < seen.length; i++) {
    // Twelve uniform numbers make a normal one.
    let normal = -6;
    if (scene.noise > 0) for (let k = 0; k < 12; k++) normal += random();
    const value = toSrgb(seen[i] as number) + (scene.noise > 0 ? normal * scene.noise : 0);
    data[i] = Math.min(255, Math.max(0, Math.round(value)));
  }
  return { width, height, data };
}

export function map(h: readonly number[], x: number, y: number): [number, number] {
  const [a, b, c, d, e, f, g, i, j] = h as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const w = g * x + i * y + j;
  return [(a * x + b * y + c) / w, (d * x + e * y + f) / w];
}

function invert(h: readonly number[]): number[] {
  const [a, b, c, d, e, f, g, i, j] = h as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return [
    e * j - f * i,
    c * i - b * j,
    b * f - c * e,
    f * g - d * j,
    a * j - c * g,
    c * d - a * f,
    d * i - e * g,
    b * g - a * i,
    a * e - b * d,
  ];
}

const linearOf = Float64Array.from({ length: 256 }, (_, value) => {
  const v = value / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
});

function toLinear(value: number): number {
  const low = Math.min(254, Math.max(0, Math.floor(value)));
  const [a, b] = [linearOf[low] as number, linearOf[low + 1] as number];
  return a + (b - a) * Math.min(1, Math.max(0, value - low));
}

function toSrgb(value: number): number {
  const v = Math.min(1, Math.max(0, value));
  return 255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055);
}

function blurred(values: Float32Array, width: number, height: number, sigma: number): Float32Array {
  const half = Math.ceil(3 * sigma);
  const kernel = Array.from({ length: 2 * half + 1 }, (_, i) =>
    Math.exp(-((i - half) ** 2) / (2 * sigma * sigma)),
  );
  const sum = kernel.reduce((a, b) => a + b);
  const rows = new Float32Array(values.length);
  const both = new Float32Array(values.length);
  const pass = (from: Float32Array, to: Float32Array, isAcross: boolean) => {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        for (let c = 0; c < 3; c++) {
          let total = 0;
          for (let k = -half; k <= half; k++) {
            const u = isAcross ? Math.min(width - 1, Math.max(0, x + k)) : x;
            const v = isAcross ? y : Math.min(height - 1, Math.max(0, y + k));
            total += (from[(v * width + u) * 3 + c] as number) * (kernel[k + half] as number);
          }
          to[(y * width + x) * 3 + c] = total / sum;
        }
      }
    }
  };
  pass(values, rows, true);
  pass(rows, both, false);
  return both;
}
