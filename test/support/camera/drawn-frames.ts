import type { GreyFrame } from '../../../src/kinds/camera/analysis/watch.ts';
import { chance, lot } from './paint.ts';

// Looked up once: a look at a global costs more than the work of a pixel where code is sandboxed.
const { max, min } = Math;

const [WIDTH, HEIGHT] = [192, 108];

/** A dark square on a textured ground, in pixels of 192 × 108. */
export interface DrawnThing {
  x: number;
  y: number;
  side: number;
  level?: number;
}

const ground = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, at) => {
  const [x, y] = [at % WIDTH, Math.floor(at / WIDTH)];
  return 120 + 40 * Math.sin(x / 13) + 20 * chance(x >> 2, y >> 2);
});

const noise = Uint8Array.from({ length: 1 << 12 }, (_, n) => 3 * chance(n, 7));

/** A frame of a camera that sees some things, with a little noise; the same for the same `n`. @param light levels by which it is brighter */
export function drawFrame(n: number, things: readonly DrawnThing[] = [], light = 0): GreyFrame {
  const data = ground.slice();
  for (let at = 0, from = lot(n); at < data.length; at++, from++) {
    data[at] = (data[at] as number) + (noise[(from ^ (from >> 7)) & 0xfff] as number);
  }
  for (const { x, y, side, level = 30 } of things) {
    for (let row = Math.max(0, Math.round(y)); row < Math.min(HEIGHT, Math.round(y) + side); row++) {
      const left = Math.max(0, Math.round(x));
      const right = Math.min(WIDTH, Math.round(x) + side);
      if (right > left) data.fill(level, row * WIDTH + left, row * WIDTH + right);
    }
  }
  for (let at = 0; light !== 0 && at < data.length; at++) {
    data[at] = max(0, min(255, (data[at] as number) + light));
  }
  return { width: WIDTH, height: HEIGHT, data };
}

/** Where it is, as the object model would say. */
export function boxOf({ x, y, side }: DrawnThing) {
  return { x: x / WIDTH, y: y / HEIGHT, width: side / WIDTH, height: side / HEIGHT };
}
