import { expect, test } from '@jest/globals';
import { keepAxesApart } from '../../../../src/media/models/graph/keep-axes-apart.ts';
import type { OnnxNode, OnnxTensor } from '../../../../src/media/models/graph/onnx-format.ts';
import { floats, modelOf, node } from '../../../support/media/onnx-model.ts';

const rows = floats('rows', [2, 3, 1], [0, 0, 0, 1, 1, 1]);
const columns = floats('columns', [2, 3, 1], [0, 1, 2, 0, 1, 2]);
const nodes = [
  node('Sub', ['rows', 'y'], 'dy'),
  node('Mul', ['dy', 'dy'], 'dy2'),
  node('Sub', ['columns', 'x'], 'dx'),
  node('Mul', ['dx', 'dx'], 'dx2'),
  node('Add', ['dy2', 'dx2'], 'answer'),
];

test('each axis is stored once', () => {
  const model = modelOf(structuredClone(nodes), structuredClone([rows, columns]));
  expect(keepAxesApart(model)).toBe(1);
  expect(model.graph.initializer).toEqual([
    floats('rows', [2, 1, 1], [0, 1]),
    floats('columns', [1, 3, 1], [0, 1, 2]),
  ]);
});

test.each<[string, OnnxNode[], OnnxTensor[]]>([
  ['whose places lie on a slant', nodes, [floats('rows', [2, 3, 1], [0, 0, 0, 1, 1, 2]), columns]],
  ['of two maps that repeat along the same axis', nodes, [rows, { ...rows, name: 'columns' }]],
  ['of maps of one value', nodes, [floats('rows', [2, 3, 1], Array(6).fill(4)), columns]],
  ['of maps unlike each other', nodes, [rows, floats('columns', [1, 3, 1], [0, 1, 2])]],
  ['one part of which others read', [...nodes, node('Relu', ['dx'], 'elsewhere')], [rows, columns]],
  [
    'that squares nothing',
    nodes.map((one) => (one.output[0] === 'dx2' ? node('Mul', ['dx', 'x'], 'dx2') : one)),
    [rows, columns],
  ],
])('a sum is left alone %s', (_, given, constants) => {
  const model = modelOf(structuredClone(given), structuredClone(constants));
  const before = structuredClone(model);
  expect(keepAxesApart(model)).toBe(0);
  expect(model).toEqual(before);
});
