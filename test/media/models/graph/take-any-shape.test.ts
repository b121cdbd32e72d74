import { expect, test } from '@jest/globals';
import { wholesTensor } from '../../../../src/media/models/graph/look-up.ts';
import {
  INT,
  INT64,
  type OnnxNode,
  type OnnxTensor,
} from '../../../../src/media/models/graph/onnx-format.ts';
import { takeAnyShape } from '../../../../src/media/models/graph/take-any-shape.ts';
import { modelOf, node, whole } from '../../../support/media/onnx-model.ts';

const constants = () => [wholesTensor('line', [64, 4]), whole('width', 8), whole('classes', 1)];
const nodes = [
  node('Conv', ['pixels', 'weights'], 'sizes'),
  node('Transpose', ['sizes'], 'map', { perm: [0, 2, 3, 1] }),
  node('Reshape', ['map', 'line'], 'places'),
  node('Div', ['position', 'width'], 'row'),
  node('Mul', ['row', 'width'], 'before'),
  node('Gather', ['places', 'position'], 'answer'),
];

function detector(given = nodes, tensors: OnnxTensor[] = constants(), sides = [1, 32, 32, 3]) {
  const model = modelOf(structuredClone(given), tensors);
  for (const { type } of model.graph.input) {
    type.tensor_type.shape = { dim: sides.map((dim_value) => ({ dim_value })) };
  }
  return model;
}

test('the length of the line of places is left open, and their width read from the map', () => {
  const model = detector();
  expect(takeAnyShape(model)).toBe(32);
  expect(model.graph.input[0]?.type.tensor_type.shape?.dim).toEqual([
    { dim_value: 1 },
    { dim_param: 'height' },
    { dim_param: 'width' },
    { dim_value: 3 },
  ]);
  expect(model.graph.initializer).toEqual([
    wholesTensor('line', [-1, 4]),
    whole('width', 8),
    whole('classes', 1),
    wholesTensor('map/place', [2], []),
  ]);
  expect(
    model.graph.node.map(({ op_type, input, output }) => [op_type, ...input, ...output].join(' ')),
  ).toEqual([
    'Conv pixels weights sizes',
    'Transpose sizes map',
    'Shape map map/shape',
    'Gather map/shape map/place map/width',
    'Cast map/width map/width_as_divisor',
    'Reshape map line places',
    'Div position map/width_as_divisor row',
    'Mul row map/width_as_divisor before',
    'Gather places position answer',
  ]);
  expect(model.graph.node[4]?.attribute).toEqual([{ name: 'to', type: INT, i: INT64 }]);
});

const replaced = (at: number, by: OnnxNode) => nodes.with(at, by);

test.each<[string, OnnxNode[], OnnxTensor[], number[]]>([
  ['that takes pictures that are not square', nodes, constants(), [1, 32, 64, 3]],
  ['that takes its channels first', nodes, constants(), [1, 3, 32, 32]],
  ['that lines nothing up', replaced(2, node('Relu', ['map'], 'places')), constants(), [1, 32, 32, 3]],
  ['whose map is not square', nodes, constants().with(0, wholesTensor('line', [63, 4])), [1, 32, 32, 3]],
  [
    'whose map has its channels first',
    replaced(1, node('Relu', ['sizes'], 'map')),
    constants(),
    [1, 32, 32, 3],
  ],
  ['that divides by another number', nodes, constants().with(1, whole('width', 9)), [1, 32, 32, 3]],
  [
    'whose width is used elsewhere',
    [...nodes, node('Add', ['x', 'width'], 'y')],
    constants(),
    [1, 32, 32, 3],
  ],
  [
    'that has a second line',
    [...nodes, node('Reshape', ['x', 'other'], 'y')],
    [...constants(), wholesTensor('other', [64, 2])],
    [1, 32, 32, 3],
  ],
  [
    'that has a second width',
    [...nodes, node('Div', ['x', 'other'], 'y')],
    [...constants(), whole('other', 8)],
    [1, 32, 32, 3],
  ],
  ['whose line is used twice', [...nodes, node('Reshape', ['x', 'line'], 'y')], constants(), [1, 32, 32, 3]],
])('a model is left alone %s', (_, given, tensors, sides) => {
  const model = detector(given, tensors, sides);
  const before = structuredClone(model);
  expect(takeAnyShape(model)).toBeNull();
  expect(model).toEqual(before);
});
