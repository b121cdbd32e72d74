import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { HeadModel } from '../../../../src/kinds/mri/child/head-model.ts';
import { reachOf } from '../../../../src/kinds/mri/child/reach.ts';
import type { Dimensions } from '../../../../src/kinds/mri/volume/volume.ts';
import { readOnnx } from '../../../../src/media/models/graph/onnx-format.ts';
import { floats, modelOf, node } from '../../../support/media/onnx-model.ts';
import { makeScratchFolder, type ScratchFolder } from '../../../support/media/scratch-folder.ts';
import { shippedModels } from '../../../support/media/shipped.ts';
import { headModels } from '../../../support/mri/head-models.ts';

let scratch: ScratchFolder;
beforeAll(async () => {
  scratch = await makeScratchFolder();
});
afterAll(() => scratch.remove());

test('blocks give the labels of the whole: a slab of a head in blocks of a third', async () => {
  const size: Dimensions = [14, 150, 16];
  const values = Float32Array.from({ length: 14 * 150 * 16 }, (_, at) => {
    const [i, j, k] = [at % 14, Math.trunc(at / 14) % 150, Math.trunc(at / 2100)];
    return Math.round(110 + 60 * Math.sin(j / 9) + 40 * Math.cos(i / 3 + k / 5) + ((at * 7919) % 31));
  });
  const model = await HeadModel.load(headModels.structures, 1);
  const scale = { low: 0, range: 255 };
  const done: number[] = [];
  const whole = await model.labelsOf(values, size, scale, values.length, (share) => done.push(share));
  const blocks = await model.labelsOf(values, size, scale, 14 * 130 * 16, (share) => done.push(share));
  await model.release();
  expect(new Set(whole).size).toBeGreaterThan(2);
  expect(blocks).toEqual(whole);
  expect(done).toEqual([1, 0.5, 1].length === done.length ? done : [1, ...done.slice(1)]);
  expect(done.at(-1)).toBe(1);
  expect(done.length).toBeGreaterThan(2);
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
