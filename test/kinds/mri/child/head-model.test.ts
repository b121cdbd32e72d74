import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mri } from '../../../../src/domain/kinds/mri.ts';
import { inBox, openHead } from '../../../../src/kinds/mri/child/conformed-head.ts';
import { HeadModel } from '../../../../src/kinds/mri/child/head-model.ts';
import { reachOf } from '../../../../src/kinds/mri/child/reach.ts';
import { type MriModels, readMriModels } from '../../../../src/kinds/mri/mri-models.ts';
import { readOnnx } from '../../../../src/media/models/graph/onnx-format.ts';
import { floats, modelOf, node } from '../../../support/media/onnx-model.ts';
import { makeScratchFolder, type ScratchFolder } from '../../../support/media/scratch-folder.ts';
import { samplePath, shippedModels } from '../../../support/media/shipped.ts';

let scratch: ScratchFolder;
let headModels: MriModels;
beforeAll(async () => {
  headModels = await readMriModels(new URL('../../../../models', import.meta.url).pathname);
  scratch = await makeScratchFolder();
});
afterAll(() => scratch.remove());

test('blocks give the labels of the whole: a slab of a head, in one piece and in pieces', async () => {
  const { volume } = await openHead(samplePath('head-t1.nii.gz'), 'head-t1.nii.gz');
  const { data, dimensions } = inBox(volume, { from: [60, 0, 90], to: [96, 160, 126] });
  const model = await HeadModel.load(headModels.structures, 1);
  const shares: number[] = [];
  const labelsOf = (mostVoxels: number) =>
    model.labelsOf(data, dimensions, { low: 0, range: 255 }, mostVoxels, (share) => shares.push(share));
  const whole = await labelsOf(data.length);
  const pieces = await labelsOf(36 * 130 * 36);
  await model.release();
  expect(new Set(whole).size).toBeGreaterThan(2);
  expect(pieces).toEqual(whole);
  expect(shares).toEqual([1, 0.5, 1]);
});

test('how far a label sees is read from the model; a model that is no chain of convolutions is refused by name', async () => {
  expect(reachOf(readOnnx(readFileSync(headModels.second.model.path)))).toBe(46);
  const strided = modelOf(
    [node('Conv', ['volume', 'weights'], 'labels', { kernel_shape: [3, 3, 3], strides: [2, 2, 2] })],
    [floats('weights', [1, 1, 3, 3, 3])],
  );
  expect(reachOf(strided)).toBeNull();
  await expect(HeadModel.load({ ...headModels.quick, model: shippedModels.pose }, 1)).rejects.toThrow(
    /movenet.*cannot be used: it is not a chain of convolutions/,
  );
});

test('a card that is not the one listed, or none at all, is refused by name', async () => {
  const { model, card } = headModels.quick;
  await expect(HeadModel.load({ model, card: { ...card, sha256: 'f'.repeat(64) } }, 1)).rejects.toThrow(
    /meshnet-gwm.card.json cannot be used: its SHA-256/,
  );
  const path = scratch.file('empty.card.json');
  await writeFile(path, '{"labels": []}');
  const sha256 = createHash('sha256').update('{"labels": []}').digest('hex');
  await expect(HeadModel.load({ model, card: { path, sha256 } }, 1)).rejects.toThrow(
    /empty.card.json cannot be used/,
  );
  await expect(
    HeadModel.load({ model, card: { path: scratch.file('none.json'), sha256 } }, 1),
  ).rejects.toThrow(/none.json cannot be used: it cannot be read/);
});

test('a model whose card has other labels than expected is refused by name', async () => {
  const model = await HeadModel.load(headModels.quick, 1);
  expect(() => model.expectLabels(['background', 'white', 'grey'])).not.toThrow();
  expect(() => model.expectLabels(['background', 'grey', 'white'])).toThrow(
    /meshnet-gwm.onnx .* its labels have to be/,
  );
  await model.release();
});

test('an operator can name another model of the same form for one of the looks; one that is not there is refused by name', async () => {
  const folder = samplePath('../models');
  const others = mri.settings?.parse({ DOUBLETAKE_MRI_MODELS: 'second=meshnet-18' })
    .DOUBLETAKE_MRI_MODELS as object;
  const named = await readMriModels(folder, others);
  expect(named).toEqual({ ...headModels, second: headModels.structures });
  await expect(readMriModels(folder, { brain: 'my-net' })).rejects.toThrow('does not list my-net.onnx');
  for (const wrong of ['third=meshnet-18', 'second=../../etc/passwd', 'second'])
    expect(mri.settings?.safeParse({ DOUBLETAKE_MRI_MODELS: wrong }).success).toBe(false);
});
