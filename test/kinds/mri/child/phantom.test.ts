import { readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { tissueCodes } from '../../../../src/kinds/mri/analysis/structures.ts';
import type { QuickResult } from '../../../../src/kinds/mri/child/look-tasks.ts';
import type { MeasureResult } from '../../../../src/kinds/mri/child/measure-task.ts';
import { tasks } from '../../../../src/kinds/mri/child/tasks.ts';
import { openScan } from '../../../../src/kinds/mri/volume/open-scan.ts';
import { makeScratchFolder, type ScratchFolder } from '../../../support/media/scratch-folder.ts';
import { diceOf } from '../../../support/mri/dice.ts';
import { headModels } from '../../../support/mri/head-models.ts';
import { INT16, niftiFile } from '../../../support/mri/nifti-file.ts';
import { type Phantom, phantom } from '../../../support/mri/phantom.ts';

/** Three runs of models, the most that a test run may take. The second look is the first one again: neither knows the phantom. */
let scratch: ScratchFolder;
let made: Phantom;
let quick: QuickResult;
let result: MeasureResult;
const shares: number[] = [];

beforeAll(async () => {
  scratch = await makeScratchFolder();
  made = phantom({ fieldOfViewMm: [166, 202, 186] });
  const path = scratch.file('phantom.nii.gz');
  await writeFile(path, niftiFile({ ...made, data: Int16Array.from(made.data) }, INT16));
  const folder = dirname(path);
  const base = { path, fileName: 'phantom.nii.gz', threads: 2, folder };
  const report = (progress?: { share: number }) => {
    if (progress) shares.push(progress.share);
  };
  quick = await tasks.mriQuick({ task: 'mriQuick', ...base, model: headModels.quick }, report, () => {});
  const look = async (name: 'brain' | 'structures') => {
    const task = {
      task: 'mriLook' as const,
      ...base,
      brainBox: quick.brain_box,
      model: headModels[name],
      name,
    };
    return (await tasks.mriLook(task, report, () => {})).labels;
  };
  const [brain, structures] = [await look('brain'), await look('structures')];
  result = await tasks.mriMeasure(
    {
      task: 'mriMeasure',
      ...base,
      brainBox: quick.brain_box,
      labels: { brain, structures, second: structures },
      deface: true,
    },
    () => {},
    () => {},
  );
}, 900_000);
afterAll(() => scratch.remove());

test('the quick look finds the brain and says roughly how much there is', () => {
  expect(quick.rough.brain_ml).toBeGreaterThan(1000);
  expect(quick.rough.brain_ml).toBeLessThan(1500);
  expect(quick.needed_mib).toBeLessThan(2048);
  expect(shares).toEqual([0, 1, 0, 1, 0, 1]);
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
    expect(volume.dimensions).toEqual(made.dimensions);
    expect(volume.affine).toEqual(made.affine);
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
