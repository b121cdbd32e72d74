import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { tissueCodes } from '../../../../src/kinds/mri/analysis/structures.ts';
import type { MriTasks } from '../../../../src/kinds/mri/child/tasks.ts';
import { openScan } from '../../../../src/kinds/mri/volume/open-scan.ts';
import type { ChildPool } from '../../../../src/media/child-pool.ts';
import { makeScratchFolder, type ScratchFolder } from '../../../support/media/scratch-folder.ts';
import { diceOf } from '../../../support/mri/dice.ts';
import { openMriPool, type SegmentedHead, segmentHead } from '../../../support/mri/segment-head.ts';
import { type WrittenPhantom, writePhantom } from '../../../support/mri/write-phantom.ts';

/** Three runs of models, the most that a test run may take. The second look is the first one again: neither knows the phantom. */
let scratch: ScratchFolder;
let pool: ChildPool<MriTasks>;
let made: WrittenPhantom;
let result: SegmentedHead;
const shares: number[] = [];

beforeAll(async () => {
  scratch = await makeScratchFolder();
  made = await writePhantom(scratch.file('phantom.nii'), { fieldOfViewMm: [166, 202, 186] });
  pool = openMriPool();
  result = await segmentHead(pool, made.path, scratch.file('out'), {
    again: true,
    onProgress: (share) => shares.push(share),
  });
}, 900_000);
afterAll(async () => {
  await pool?.close();
  await scratch.remove();
});

test('the quick look finds the brain and says roughly how much there is', () => {
  const { rough, needed_mib } = result.quick;
  expect(rough.brain_ml).toBeGreaterThan(1000);
  expect(rough.brain_ml).toBeLessThan(1500);
  expect(needed_mib).toBeLessThan(2048);
  expect(shares).toContain(0);
});

test('the models do not know the phantom, and the mixture takes over: Dice and volumes are those of its labels', async () => {
  const { measurements } = result;
  expect(measurements.tissue_path).toBe('mixture');
  const { volume } = await openScan(await readFile(result.tissue), 'tissue');
  for (const [name, code] of [
    ['gm_ml', tissueCodes.grey],
    ['wm_ml', tissueCodes.white],
  ] as const) {
    expect(diceOf(code, volume.data, made.labels)).toBeGreaterThan(0.95);
    const truth = made.volumesMl[code] as number;
    expect(Math.abs((measurements.tissue[name].value as number) / truth - 1)).toBeLessThan(0.03);
  }
  expect(measurements.tissue.gm_ml.uncertainty).toBeGreaterThan(5);
});

test('structures that no model saw are not measurable, and it says why', () => {
  const { structures, notices } = result.measurements;
  expect(structures.hippocampus.left).toMatchObject({
    value: null,
    reason: expect.stringMatching(/sees only \d+ %/),
  });
  expect(structures.brain_stem.middle.value).toBeNull();
  expect(notices.join(' ')).toMatch(/by the brightness alone/);
});

test('the label maps lie on the grid of the original', async () => {
  for (const path of [result.tissue, result.structures]) {
    const { volume } = await openScan(await readFile(path), 'labels');
    const { volume: original } = await openScan(made.path, 'phantom');
    expect(volume.dimensions).toEqual(original.dimensions);
    expect(volume.affine).toEqual(original.affine);
    expect(volume.data).toBeInstanceOf(Uint8Array);
  }
});

test('there is a picture of each plane, and in a defaced one nothing is outside the brain', async () => {
  expect(result.pictures.map(({ plane }) => plane)).toEqual(['axial', 'coronal', 'sagittal']);
  for (const { overlay, brain, width, height } of result.pictures) {
    for (const path of [overlay, brain]) {
      const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
      expect([info.width, info.height]).toEqual([width, height]);
      // The corner is far from brain and words.
      expect([...data.subarray(0, 3)]).toEqual([0, 0, 0]);
    }
  }
});
