import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { readOnnx } from '../../../../src/media/models/graph/onnx-format.ts';
import { takeOutScaling } from '../../../../src/media/models/graph/take-out-scaling.ts';
import { floats, modelOf, node } from '../../../support/media/onnx-model.ts';

const file = (name: string) => new URL(`../../../../models/${name}`, import.meta.url).pathname;

describe('taking the scaling out of a model', () => {
  it('leaves a model alone that takes its pixels as they are', async () => {
    const detector = readOnnx(await readFile(file('centernet-coco-512.onnx')));
    expect(takeOutScaling(detector)).toBeNull();
  });

  it('does each step in single precision, for each channel with its own number', () => {
    const found = takeOutScaling(
      modelOf(
        [
          node('Cast', ['pixels'], 'cast'),
          node('Sub', ['cast', 'means'], 'a'),
          node('Div', ['a', 'by'], 'b'),
          node('Relu', ['b'], 'answer'),
        ],
        [floats('means', [1, 1, 1, 3], [10, 20, 30]), floats('by', [], [3])],
      ),
    );
    const at = (channel: number, value: number) => found?.[channel * 256 + value];
    expect([at(0, 11), at(1, 21), at(2, 32)]).toEqual([
      Math.fround(1 / 3),
      Math.fround(1 / 3),
      Math.fround(2 / 3),
    ]);
  });

  it.each([
    ['whose pixels are read twice', [node('Mul', ['pixels', 'by'], 'a'), node('Relu', ['pixels'], 'b')]],
    ['that divides by the pixels', [node('Div', ['by', 'pixels'], 'a')]],
    ['whose factor is computed', [node('Mul', ['pixels', 'elsewhere'], 'a')]],
    ['that only casts', [node('Cast', ['pixels'], 'a')]],
  ])('leaves a model alone %s', (_, nodes) => {
    expect(takeOutScaling(modelOf(nodes, [floats('by', [], [3])]))).toBeNull();
  });
});
