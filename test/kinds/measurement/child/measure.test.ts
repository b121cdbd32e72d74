import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { measurementOptions } from '../../../../src/domain/kinds/measurement.ts';
import type { MeasureResult, MeasureTask } from '../../../../src/kinds/measurement/child/measure-task.ts';
import { measurementTasks } from '../../../../src/kinds/measurement/child/task-module.ts';
import type { MeasurementTasks } from '../../../../src/kinds/measurement/child/tasks.ts';
import type { Correction, Point } from '../../../../src/kinds/measurement/outcome.ts';
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

function measure(
  path: string,
  options: object = {},
  more: Partial<MeasureTask> = {},
): Promise<MeasureResult> {
  const limits = { pixels: 108_000_000 };
  return pool.run({
    task: 'measure',
    path,
    fileName: 'photo.jpg',
    options: measurementOptions.parse(options),
    limits,
    ...more,
  });
}

/** The sample with something painted over it. */
async function painted(name: string, svg: string): Promise<string> {
  const overlay = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="720">${svg}</svg>`,
  );
  await writeFile(
    scratch.file(name),
    await sharp(sample)
      .composite([{ input: overlay }])
      .jpeg({ quality: 95 })
      .toBuffer(),
  );
  return scratch.file(name);
}
const noMarker = '<rect x="615" y="130" width="205" height="205" fill="#b6b8bb"/>';
/** Read off the picture by hand, to a pixel. */
const corners: Point[] = [
  [778.5, 318.5],
  [632, 293],
  [656.5, 148.5],
  [803.5, 173],
];

/** Within 2 % of 85 × 168 mm, unless told another share. */
function expectPhone({ outcome }: MeasureResult, share = 0.02): void {
  const [phone] = outcome.objects;
  expect(Math.abs((phone?.width.value ?? 0) / 85 - 1)).toBeLessThan(share);
  expect(Math.abs((phone?.height.value ?? 0) / 168 - 1)).toBeLessThan(share);
}

test('the phone beside the marker measures 85 × 168 mm, and nobody need be asked', async () => {
  const result = await measure(sample);
  expectPhone(result);
  const { outcome } = result;
  expect(outcome.objects).toHaveLength(1);
  expect(outcome.reasons).toEqual([]);
  expect(outcome.confidence).toBeGreaterThan(0.7);
  expect(outcome.reference).toMatchObject({ kind: 'aruco', id: 10, size_mm: 50, source: 'machine' });
  expect(outcome.reference?.terms?.map(({ name }) => name)).toContain('marker_squareness');
  expect(outcome.objects[0]?.area.value).toBeGreaterThan(85 * 168 * 0.96);
  expect(outcome.objects[0]?.outline.length).toBeLessThanOrEqual(512);
});

test('both images are JPEGs of bounded size', async () => {
  const { annotated, rectified } = await measure(sample);
  expect(await sharp(annotated).metadata()).toMatchObject({ format: 'jpeg', width: 1280, height: 720 });
  const flat = await sharp(rectified as Uint8Array).metadata();
  expect(flat.format).toBe('jpeg');
  expect(Math.max(flat.width, flat.height)).toBeLessThanOrEqual(1601);
});

test('the same photograph gives the same bytes, outcome and images', async () => {
  const [first, second] = [await measure(sample), await measure(sample)];
  expect(JSON.stringify(second.outcome)).toBe(JSON.stringify(first.outcome));
  expect(Buffer.compare(first.annotated, second.annotated)).toBe(0);
  expect(Buffer.compare(first.rectified as Uint8Array, second.rectified as Uint8Array)).toBe(0);
});

test('a photograph stored on its side is measured upright', async () => {
  const turned = await sharp(sample)
    .rotate(270)
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 95 })
    .toBuffer();
  await writeFile(scratch.file('turned.jpg'), turned);
  const result = await measure(scratch.file('turned.jpg'));
  expectPhone(result);
  expect(result.outcome.image).toEqual({ width: 1280, height: 720 });
  const [x, y] = result.outcome.reference?.corners[0] ?? [0, 0];
  expect(Math.hypot(x - 778.5, y - 318.5)).toBeLessThan(2);
});

test('48 megapixels are measured within the memory of a child, in pixels of the whole photograph', async () => {
  await sharp(sample)
    .resize(9240, 5198, { fit: 'fill' })
    .jpeg({ quality: 80 })
    .toFile(scratch.file('48.jpg'));
  const result = await measure(scratch.file('48.jpg'));
  expectPhone(result);
  expect(result.outcome.image).toEqual({ width: 9240, height: 5198 });
  expect(result.outcome.scale?.px_per_mm).toBeCloseTo((2.97 * 9240) / 1280, 0);
});

test('with the marker painted over, a person is asked for the reference, with the outline to go by', async () => {
  const { outcome, rectified } = await measure(await painted('bare.jpg', noMarker));
  expect(outcome.reference).toBeNull();
  expect(outcome.confidence).toBe(0);
  expect(outcome.reasons.map(({ code }) => code)).toEqual(['no_reference']);
  expect(outcome.reasons[0]?.message).toMatch(/No marker of DICT_5X5_50 was found.*give its four corners/);
  expect(outcome.objects[0]).toMatchObject({ n: 1, width: { value: null }, confidence: 0 });
  expect(outcome.objects[0]?.width.pixel).toBeGreaterThan(200);
  expect(rectified).toBeNull();
});

test('corners that a person gives make the same measurement, marked as theirs', async () => {
  const path = await painted('bare.jpg', noMarker);
  const previous = (await measure(path)).outcome;
  const correction: Correction = { reference_corners: corners, size_mm: 50 };
  const result = await measure(path, {}, { correction, previous });
  expectPhone(result);
  expect(result.outcome.reference).toMatchObject({ source: 'person', size_mm: 50 });
  expect(result.outcome.reasons).toEqual([]);
  expect(result.rectified).not.toBeNull();
});

test('outlines and values that a person gives are kept beside what the machine found', async () => {
  const previous = (await measure(sample)).outcome;
  const outline: Point[] = [
    [900, 400],
    [1000, 400],
    [1000, 500],
    [900, 500],
  ];
  const correction: Correction = {
    outlines: [{ n: 2, points: outline }],
    values: [{ n: 1, width_mm: 84.6 }],
  };
  const { outcome } = await measure(sample, {}, { correction, previous });
  const [phone, drawn] = outcome.objects;
  expect(phone?.width).toMatchObject({ value: 84.6, confidence: 1, pixel: previous.objects[0]?.width.pixel });
  expect(phone?.width.method).toMatch(/^person/);
  expect(phone?.height).toEqual(previous.objects[0]?.height);
  expect(phone?.source).toBe('machine');
  expect(drawn?.source).toBe('person');
  expect(Math.abs((drawn?.width.value ?? 0) / (100 / 2.97) - 1)).toBeLessThan(0.05);
});

test('values alone are enough where there is no reference', async () => {
  const path = await painted('bare.jpg', noMarker);
  const previous = (await measure(path)).outcome;
  const correction: Correction = { values: [{ n: 1, width_mm: 85, height_mm: 168 }] };
  const { outcome, rectified } = await measure(path, {}, { correction, previous });
  expect(outcome.objects[0]).toMatchObject({
    width: { value: 85 },
    height: { value: 168 },
    area: { value: null },
  });
  expect(outcome.scale).toBeNull();
  expect(rectified).toBeNull();
});

test('what a person draws beyond the horizon of the plane does not spoil the view from above', async () => {
  const path = await painted('bare.jpg', noMarker);
  const previous = (await measure(path)).outcome;
  const aslant: Correction = {
    reference_corners: [
      [540, 400],
      [740, 400],
      [1000, 650],
      [280, 650],
    ],
  };
  const outlines = [{ n: 2, points: corners.map(([x, y]): Point => [x, y / 3]) }];
  const without = await measure(path, {}, { correction: aslant, previous });
  const { outcome, rectified } = await measure(path, {}, { correction: { ...aslant, outlines }, previous });
  expect(outcome.objects.at(-1)).toMatchObject({ n: 2, width: { value: null, method: 'no scale' } });
  expect(Buffer.compare(rectified as Uint8Array, without.rectified as Uint8Array)).toBe(0);
});

test('with nothing but the marker on the table, a person is asked for the object', async () => {
  // The table's own pixels from the right side, over the phone.
  const table = await sharp(sample).extract({ left: 840, top: 20, width: 400, height: 640 }).toBuffer();
  await sharp(sample)
    .composite([{ input: table, left: 225, top: 20 }])
    .jpeg({ quality: 95 })
    .toFile(scratch.file('empty.jpg'));
  const { outcome } = await measure(scratch.file('empty.jpg'));
  expect(outcome.reasons.map(({ code }) => code)).toContain('no_object');
  expect(outcome.reference).not.toBeNull();
});

test('a marker partly outside the picture is no reference', async () => {
  await sharp(sample)
    .extract({ left: 0, top: 0, width: 770, height: 720 })
    .jpeg({ quality: 95 })
    .toFile(scratch.file('cut.jpg'));
  const { outcome } = await measure(scratch.file('cut.jpg'));
  expect(outcome.reasons.map(({ code }) => code)).toContain('no_reference');
});

test('an object partly outside the picture is not trusted', async () => {
  await sharp(sample)
    .extract({ left: 0, top: 0, width: 1280, height: 500 })
    .jpeg({ quality: 95 })
    .toFile(scratch.file('cut.jpg'));
  const { outcome } = await measure(scratch.file('cut.jpg'));
  expect(outcome.reasons.map(({ code }) => code)).toEqual(['low_confidence']);
  expect(outcome.reasons[0]?.terms?.map(({ name }) => name)).toContain('border_contact');
});

test('only the marker asked for counts', async () => {
  const { outcome } = await measure(sample, { reference: { kind: 'aruco', id: 3 } });
  expect(outcome.reasons[0]?.message).toMatch(/Marker 3 of DICT_5X5_50 was not found/);
});

test('a file that is no image is refused in the class the user meets', async () => {
  await writeFile(scratch.file('text.jpg'), await readFile(import.meta.filename));
  await expect(measure(scratch.file('text.jpg'))).rejects.toThrow(
    /^photo\.jpg could not be opened as an image/,
  );
});

test.each([800, 1280, 2400])(
  'a square marker, %i pixels wide the picture, is no bank card',
  async (width) => {
    const path = scratch.file(`card-${width}.jpg`);
    await sharp(sample).resize(width).jpeg({ quality: 92 }).toFile(path);
    const { outcome } = await measure(path, { reference: { kind: 'card' } });
    expect(outcome.reasons.map(({ code }) => code)).not.toEqual([]);
  },
);

test.each([640, 480, 320])(
  'a small picture, %i pixels wide, is measured as the large one, or asked about',
  async (width) => {
    const path = scratch.file(`${width}.jpg`);
    await sharp(sample).resize(width).jpeg({ quality: 90 }).toFile(path);
    const result = await measure(path);
    if (width === 640) expect(result.outcome.reasons).toEqual([]);
    if (result.outcome.reasons.length === 0) expectPhone(result, 0.03);
  },
);
