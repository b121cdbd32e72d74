import { afterAll, beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { techniqueTasks } from '../../../../src/kinds/technique/child/task-module.ts';
import type { TechniqueTasks } from '../../../../src/kinds/technique/child/tasks.ts';
import { type ChildPool, openChildPool } from '../../../../src/media/child-pool.ts';
import { samplePath } from '../../../support/media/shipped.ts';
import { usualLimits } from '../../../support/media/usual-limits.ts';

let pool: ChildPool<TechniqueTasks>;
beforeAll(() => {
  pool = openChildPool<TechniqueTasks>({ modules: [techniqueTasks], size: 1 });
});
afterAll(() => pool.close());

/** All keypoints in one place but the left shoulder and the left hip, which make a vertical bone. */
const bone = Array.from({ length: 17 }, (_, joint) =>
  joint === 5 ? [360, 300, 0.9] : joint === 11 ? [360, 700, 0.9] : [10, 10, 0.1],
).flat();

function draw(times: number[], caption = '', path = samplePath('squats.mp4')) {
  const frames = times.map((time_s) => ({ time_s, keypoints: bone, caption }));
  return pool.run({ task: 'draw', path, fileName: 'squats.mp4', limits: usualLimits, frames });
}

async function pixel(jpeg: Uint8Array, x: number, y: number): Promise<number[]> {
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  return [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)];
}

test('frames come as JPEG at their times, with the skeleton where the keypoints are', async () => {
  const drawn = await draw([2, 0.4]);
  expect(drawn.map(({ time_s }) => time_s)).toEqual([0.4, 2]);
  for (const { jpeg } of drawn) {
    expect(await sharp(jpeg).metadata()).toMatchObject({ format: 'jpeg', width: 720, height: 1280 });
    const [red, green, blue] = (await pixel(jpeg, 360, 500)) as [number, number, number];
    // The left side is drawn in light blue.
    expect(blue).toBeGreaterThan(red + 60);
    expect(green).toBeGreaterThan(red + 40);
    // Keypoints under 0.3 are not drawn: the wall in the corner is grey.
    const corner = await pixel(jpeg, 10, 10);
    expect(Math.max(...corner) - Math.min(...corner)).toBeLessThan(30);
  }
});

test('a caption is written below, whatever signs it has', async () => {
  const [plain] = await draw([2]);
  const [captioned] = await draw([2], 'knee < 90° & "bent"');
  const below = await pixel(captioned?.jpeg as Uint8Array, 700, 1270);
  expect(Math.max(...below)).toBeLessThan(
    Math.max(...(await pixel(plain?.jpeg as Uint8Array, 700, 1270))) - 40,
  );
});

test('a large picture is drawn smaller', async () => {
  const [drawn] = await draw([2], '', samplePath('walk-and-jump.mp4'));
  expect(await sharp(drawn?.jpeg).metadata()).toMatchObject({ width: 1280, height: 720 });
});

test('the same frame drawn twice gives the same bytes', async () => {
  const [first] = await draw([2], 'twice');
  const [second] = await draw([2], 'twice');
  expect(Buffer.compare(first?.jpeg as Uint8Array, second?.jpeg as Uint8Array)).toBe(0);
});
