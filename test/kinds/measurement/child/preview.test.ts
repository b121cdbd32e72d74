import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { measurementOptions } from '../../../../src/domain/kinds/measurement.ts';
import type { MeasureResult } from '../../../../src/kinds/measurement/child/measure-task.ts';
import { measurementTasks } from '../../../../src/kinds/measurement/child/task-module.ts';
import type { MeasurementTasks } from '../../../../src/kinds/measurement/child/tasks.ts';
import { type ChildPool, openChildPool } from '../../../../src/media/child-pool.ts';
import { makeScratchFolder, type ScratchFolder } from '../../../support/media/scratch-folder.ts';
import { samplePath } from '../../../support/media/shipped.ts';

const sample = samplePath('phone-with-aruco.jpg');
let pool: ChildPool<MeasurementTasks>;
let scratch: ScratchFolder;
beforeAll(async () => {
  pool = openChildPool<MeasurementTasks>({ modules: [measurementTasks], size: 1 });
  scratch = await makeScratchFolder();
});
afterAll(async () => {
  await pool.close();
  await scratch.remove();
});

const limits = { pixels: 108_000_000 };
const unasked = measurementOptions.parse({});
/** Of a marker that is not in the picture. */
const asked = measurementOptions.parse({ reference: { kind: 'aruco', id: 7, size_mm: 50 } });

const measure = (path: string, options = unasked): Promise<MeasureResult> =>
  pool.run({ task: 'measure', path, fileName: 'photo.tif', options, limits });

test('where a person is asked, a 16-bit TIFF on its side becomes a JPEG that browsers show upright', async () => {
  const path = scratch.file('photo.tif');
  const deep = sharp(sample).rotate(270).toColourspace('rgb16').withMetadata({ orientation: 6 });
  await writeFile(path, await deep.tiff({ compression: 'lzw' }).toBuffer());
  const { outcome, preview } = await measure(path, asked);
  expect(outcome.reasons).toHaveLength(1);
  if (!preview) throw new Error('there is no preview');
  expect([preview.width, preview.height]).toEqual([1280, 720]);
  const { format, width, height, orientation, space, depth } = await sharp(preview.jpeg).metadata();
  expect({ format, width, height, orientation, space, depth }).toEqual({
    ...{ format: 'jpeg', width: 1280, height: 720, orientation: undefined, space: 'srgb', depth: 'uchar' },
  });
  // The same picture, with nothing drawn on it.
  const pixels = (of: string | Uint8Array) => sharp(of).removeAlpha().raw().toBuffer();
  const [shown, stored] = [await pixels(preview.jpeg), await pixels(sample)];
  let difference = 0;
  for (let i = 0; i < stored.length; i += 97)
    difference += Math.abs((shown[i] as number) - (stored[i] as number));
  expect(difference / (stored.length / 97)).toBeLessThan(4);
});

test('a large photograph’s is as large as what was looked at, in its shape', async () => {
  const path = scratch.file('large.jpg');
  await writeFile(path, await sharp(sample).resize(8000, 4500, { fit: 'fill' }).jpeg().toBuffer());
  const { outcome, preview } = await measure(path, asked);
  expect(outcome.image).toEqual({ width: 8000, height: 4500 });
  expect([preview?.width, preview?.height]).toEqual([4619, 2598]);
});

test('where nobody is asked, and after an answer, there is none', async () => {
  const { outcome, preview } = await measure(sample);
  expect([outcome.reasons, preview]).toEqual([[], null]);
  const previous = (await measure(sample, asked)).outcome;
  const corrected = await pool.run({
    ...{ task: 'measure', path: sample, fileName: 'photo.jpg', options: asked, limits, previous },
    correction: { values: previous.objects.map(({ n }) => ({ n, width_mm: 85, height_mm: 168 })) },
  });
  expect(corrected.preview).toBeNull();
});
