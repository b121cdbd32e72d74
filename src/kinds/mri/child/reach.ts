import type { OnnxModel, OnnxNode } from '../../../media/models/graph/onnx-format.ts';

/** What a voxel of these depends on is the same voxel of what goes in. */
const pointwise = new Set(['Relu', 'Elu', 'LeakyRelu', 'BatchNormalization', 'ArgMax', 'Cast']);

/**
 * How many voxels away a voxel may be that a label depends on: the receptive field of a chain of convolutions.
 * @returns null where the model is not such a chain, so that it cannot look at a volume in blocks
 */
export function reachOf({ graph }: OnnxModel): number | null {
  let reach = 0;
  for (const node of graph.node) {
    if (pointwise.has(node.op_type)) continue;
    if (node.op_type !== 'Conv' || wholes(node, 'strides').some((stride) => stride !== 1)) return null;
    const dilations = wholes(node, 'dilations');
    const steps = wholes(node, 'kernel_shape').map((size, axis) => ((size - 1) / 2) * (dilations[axis] ?? 1));
    reach += Math.max(0, ...steps);
  }
  return reach;
}

function wholes({ attribute = [] }: OnnxNode, name: string): number[] {
  return attribute.find((one) => one.name === name)?.ints?.map(Number) ?? [];
}
