import { expect, test } from '@jest/globals';
import { keepFirstClass } from '../../../../src/media/models/graph/keep-first-class.ts';
import type { OnnxNode, OnnxTensor } from '../../../../src/media/models/graph/onnx-format.ts';
import { floats, modelOf, node, whole } from '../../../support/media/onnx-model.ts';

const constants = () => [
  floats('weights', [4, 2, 1, 1]),
  floats('biases', [4], [7, 8, 9, 10]),
  whole('classes', 4),
];
const nodes = [
  node('Conv', ['pixels', 'weights', 'biases'], 'map'),
  node('Sigmoid', ['map'], 'scores'),
  node('Reshape', ['scores', 'flat'], 'row'),
  node('TopK', ['row', 'count'], ['best', 'positions']),
  node('Cast', ['positions'], 'index'),
  node('Div', ['index', 'classes'], 'place'),
  node('Mul', ['place', 'classes'], 'up'),
  node('Sub', ['index', 'up'], 'answer'),
];
const copyOf = (all: OnnxNode[]) => structuredClone(all);

test('weights, bias and divisor become those of the first class', () => {
  const model = modelOf(copyOf(nodes), constants());
  model.graph.output.push({ name: 'scores' });
  expect(keepFirstClass(model, 'answer')).toBe(true);
  expect(model.graph.initializer).toEqual([
    floats('weights', [1, 2, 1, 1], [0, 1]),
    floats('biases', [1], [7]),
    whole('classes', 1),
  ]);
  expect(model.graph.output).toEqual([{ name: 'answer' }]);
});

test.each<[string, OnnxNode[], OnnxTensor[], string]>([
  ['without a search for the best', nodes.filter(({ op_type }) => op_type !== 'TopK'), constants(), 'answer'],
  ['that divides by another number', nodes, [...constants().slice(0, 2), whole('classes', 5)], 'answer'],
  ['whose divisor is used elsewhere', [...nodes, node('Add', ['x', 'classes'], 'y')], constants(), 'answer'],
  ['whose weights are used twice', [...nodes, node('Relu', ['weights'], 'y')], constants(), 'answer'],
  ['that does not give what is asked for', nodes, constants(), 'detections'],
])('a model is left alone %s', (_, given, tensors, output) => {
  const model = modelOf(copyOf(given), tensors);
  const before = structuredClone(model);
  expect(keepFirstClass(model, output)).toBe(false);
  expect(model).toEqual(before);
});
