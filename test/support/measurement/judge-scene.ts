import type { Point } from '../../../src/kinds/measurement/outcome.ts';
import { measureRaster } from './measure-raster.ts';
import { randomScene } from './random-scene.ts';
import { map, projection, renderScene } from './render-scene.ts';

export interface Judged {
  seed: number;
  kind: string;
  passes: boolean;
  reasons: string[];
  /** Relative errors of width, height and √area of each thing measured. */
  errors: { what: string; error: number }[];
  /** Things that were there and not measured, and measured things that were not there. */
  missing: number;
  false: number;
  confidence: number;
  messages: string[];
}

/** Renders a scene, measures it, and compares with what was drawn. */
export async function judgeScene(seed: number, width?: number, height?: number): Promise<Judged> {
  const { scene, shapes, reference } = randomScene(seed, width, height);
  const outcome = await measureRaster(renderScene(scene), { reference });
  const ground = projection(scene.camera);
  const left = new Set(outcome.objects);
  const errors: Judged['errors'] = [];
  let missing = 0;
  for (const shape of shapes) {
    const [x, y] = map(ground, shape.reach[0], shape.reach[1]);
    const found = [...left].find(
      ({ outline }) => Math.hypot(middle(outline)[0] - x, middle(outline)[1] - y) < 40,
    );
    if (!found) {
      missing++;
      continue;
    }
    left.delete(found);
    for (const [what, measured, truth] of [
      ['width', found.width.value, shape.width],
      ['height', found.height.value, shape.height_mm],
      ['area', found.area.value && Math.sqrt(found.area.value), Math.sqrt(shape.area)],
    ] as const) {
      if (measured !== null)
        errors.push({ what: `${shape.name} ${what}`, error: Math.abs(measured / truth - 1) });
    }
  }
  const passes = outcome.reasons.length === 0;
  return {
    seed,
    kind: reference.kind,
    passes,
    reasons: outcome.reasons.map(({ code }) => code),
    errors,
    missing,
    false: left.size,
    confidence: outcome.confidence,
    messages: outcome.reasons.map(({ message }) => message),
  };
}

function middle(points: readonly Point[]): Point {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
}
