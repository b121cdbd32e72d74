import type { ReferenceOptions } from '../../../src/domain/kinds/measurement.ts';
import { map, projection, type Scene } from './render-scene.ts';
import { seededRandom } from './seeded-random.ts';
import {
  angleIron,
  type Colour,
  ellipse,
  hexagon,
  marker,
  rectangle,
  type Shape,
  type Thing,
} from './shapes.ts';

export interface RandomScene {
  scene: Scene;
  /** What is to be measured, largest first. */
  shapes: Shape[];
  reference: ReferenceOptions;
}

/** Tables and things of colours that people lay on each other: dark on light, light on dark, coloured. */
const tables: readonly Colour[] = [
  [205, 203, 198],
  [176, 178, 182],
  [226, 222, 210],
  [58, 60, 66],
  [168, 132, 96],
  [92, 118, 96],
];
const paints: readonly Colour[] = [
  [30, 32, 36],
  [240, 240, 236],
  [176, 42, 38],
  [36, 70, 150],
  [214, 170, 40],
  [110, 112, 118],
];

/**
 * A scene by its number: always the same. Tilts to 50°, any turn, blurs to 2 pixels, noise to 6 values, vignetting,
 * grain, shadows; one to three things and a reference that do not touch.
 */
export function randomScene(seed: number, width = 800, height = 600): RandomScene {
  const random = seededRandom(seed * 7919 + 17);
  const between = (low: number, high: number) => low + (high - low) * random();
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const kind = seed % 10 === 8 ? 'card' : seed % 10 === 9 ? 'coin' : 'aruco';
  const table = pick(tables);
  const side = pick([20, 30, 50, 50, 80]);
  const camera = {
    width,
    height,
    focal: between(0.75, 1.6),
    tilt: kind === 'coin' ? between(0, 6) : between(0, 1) ** 1.3 * 50,
    turn: between(0, 360),
    distance: 0,
    over: [0, 0] as const,
  };
  // So far away that some 300 mm of table are seen.
  camera.distance = camera.focal * between(240, 420);
  const ground = projection(camera);
  const taken: [number, number, number][] = [];
  const isFree = (x: number, y: number, r: number) => {
    if (taken.some(([u, v, s]) => Math.hypot(x - u, y - v) < r + s + 6)) return false;
    return Array.from({ length: 12 }, (_, k) => {
      const [u, v] = map(ground, x + r * Math.cos((k * Math.PI) / 6), y + r * Math.sin((k * Math.PI) / 6));
      return u > 12 && v > 12 && u < width - 12 && v < height - 12;
    }).every(Boolean);
  };
  const place = <T extends Thing>(make: (at: [number, number], angle: number) => T): T | null => {
    for (let attempt = 0; attempt < 200; attempt++) {
      const thing = make([between(-150, 150), between(-130, 130)], between(0, Math.PI));
      const [x, y, r] = thing.reach;
      if (!isFree(x, y, r)) continue;
      taken.push([x, y, r]);
      return thing;
    }
    return null;
  };
  const distinct = paints.filter(
    (paint) => Math.hypot(...paint.map((v, i) => v - (table[i] as number))) > 60,
  );
  const found: ReferenceOptions =
    kind === 'aruco'
      ? { kind, dictionary: 'DICT_5X5_50', size_mm: side }
      : kind === 'card'
        ? { kind }
        : { kind, diameter_mm: 25.75 };
  const referenceThing = place((at, angle) => {
    if (kind === 'card') return rectangle(at, angle, [85.6, 53.98], pick(distinct), 3.18);
    if (kind === 'coin') return ellipse(at, angle, [25.75, 25.75], pick(distinct));
    return marker(at, angle, side, pick([0, 3, 10, 23]));
  });
  const shapes: Shape[] = [];
  const count = 1 + Math.floor(random() * 3);
  for (let i = 0; i < count; i++) {
    const paint = pick(distinct);
    const form = Math.floor(random() * 5);
    const size = [between(25, 130), between(18, 70)] as const;
    const shape = place((at, angle) => {
      if (form === 0) return rectangle(at, angle, size, paint);
      if (form === 1) return rectangle(at, angle, size, paint, Math.min(...size) * 0.15);
      // A disc beside a coin could be the coin.
      if (form === 2) return ellipse(at, angle, kind === 'coin' ? [size[0], size[0] * 0.4] : size, paint);
      if (form === 3) return hexagon(at, angle, between(20, 70), paint);
      return angleIron(at, angle, size, paint);
    });
    if (shape) shapes.push(shape);
  }
  if (shapes.length === 0) {
    const small = place((at, angle) => rectangle(at, angle, [30, 20], pick(distinct)));
    if (small) shapes.push(small);
  }
  shapes.sort((a, b) => b.area - a.area);
  const scene: Scene = {
    camera,
    table,
    things: [...(referenceThing ? [referenceThing] : []), ...shapes],
    seed,
    blur: between(0.4, 2),
    noise: between(0, 6),
    vignetting: between(0, 0.35),
    slope: between(-0.25, 0.25),
    grain: random() < 0.3 ? between(0, 5) : 0,
    shadow: random() < 0.5 ? between(0, 0.3) : 0,
  };
  return { scene, shapes, reference: found };
}
