import { expect, test } from '@jest/globals';
import { computeWhereRead } from '../../../../src/media/models/graph/compute-where-read.ts';
import type { OnnxNode } from '../../../../src/media/models/graph/onnx-format.ts';
import { floats, modelOf, node } from '../../../support/media/onnx-model.ts';

const constants = [floats('three', [4, 2, 3, 3]), floats('one', [5, 4, 1, 1])];
const head = {
  first: node('Conv', ['pixels', 'three'], 'map'),
  layer: node('Conv', ['map', 'one'], 'wide', { strides: [1, 1], pads: [0, 0, 0, 0] }),
  relu: node('Relu', ['wide'], 'kept'),
  last: node('Transpose', ['kept'], 'turned', { perm: [0, 2, 3, 1] }),
  list: node('Concat', ['batch', 'row', 'column'], 'positions', { axis: 1 }),
  read: node('GatherND', ['turned', 'positions'], 'answer'),
};
const nodesOf = (changes: Partial<typeof head> = {}, more: OnnxNode[] = []) =>
  structuredClone([...Object.values({ ...head, ...changes }), ...more]);

test('layers that see one position at a time come after the reading of positions', () => {
  const model = modelOf(nodesOf(), constants.slice());
  expect(computeWhereRead(model)).toBe(1);
  const steps = model.graph.node.map(({ op_type, input, output }) => [op_type, input[0], output[0]]);
  expect(steps).toEqual([
    ['Conv', 'pixels', 'map'],
    ['Transpose', 'map', 'turned'],
    ['Concat', 'batch', 'positions'],
    ['GatherND', 'turned', 'answer/read'],
    ['Unsqueeze', 'answer/read', 'answer/as_map'],
    ['Conv', 'answer/as_map', 'wide'],
    ['Relu', 'wide', 'kept'],
    ['Squeeze', 'kept', 'answer'],
  ]);
});

test.each<[string, { nodes: OnnxNode[]; version?: number }]>([
  ['whose layer sees its neighbours', { nodes: nodesOf({ layer: node('Conv', ['map', 'three'], 'wide') }) }],
  [
    'whose layer leaves positions out',
    { nodes: nodesOf({ layer: node('Conv', ['map', 'one'], 'wide', { strides: [2, 2] }) }) },
  ],
  [
    'whose layer adds positions',
    { nodes: nodesOf({ layer: node('Conv', ['map', 'one'], 'wide', { pads: [1, 1, 1, 1] }) }) },
  ],
  [
    'that is turned in another way',
    { nodes: nodesOf({ last: node('Transpose', ['kept'], 'turned', { perm: [0, 3, 2, 1] }) }) },
  ],
  ['that others read, too', { nodes: nodesOf({}, [node('Relu', ['kept'], 'elsewhere')]) }],
  [
    'that is read by single values',
    {
      nodes: nodesOf({
        list: node('Concat', ['batch', 'row', 'column', 'channel'], 'positions', { axis: 1 }),
      }),
    },
  ],
  ['of an older version of the operators', { nodes: nodesOf(), version: 12 }],
])('a head is left alone %s', (_, { nodes, version }) => {
  const model = modelOf(nodes, constants.slice(), version);
  const before = structuredClone(model);
  expect(computeWhereRead(model)).toBe(0);
  expect(model).toEqual(before);
});
