import { attributeOf, constantOf, giverOf, onlyReaderOf, wholesTensor } from './look-up.ts';
import type { OnnxModel, OnnxNode } from './onnx-format.ts';

/** The first version of the operators in which the axes to squeeze are an input. */
const AXES_ARE_INPUT = 13;
/** Height and width of a map that has its channels first. */
const HEIGHT_AND_WIDTH = [2, 3];
const CHANNELS_LAST = '0,2,3,1';

/**
 * Has layers that see one position at a time (1×1 convolutions and what follows each) computed only at the positions
 * of a map that are read of it: such a map of offsets is read at one position, or at one for each joint, out of
 * thousands. Every value is still the sum of the same products in the same order. A head is changed that ends in
 * convolution → transposition → `GatherND` of one row, column and all channels; other parts of the model stay.
 * @returns how many heads were changed, in place
 */
export function computeWhereRead(model: OnnxModel): number {
  const standard = model.opset_import.find(({ domain }) => !domain);
  if (!standard || Number(standard.version) < AXES_ARE_INPUT) return 0;
  const { graph } = model;
  const axes = 'height_and_width';
  let changed = 0;
  for (const gather of graph.node.filter((node) => readsPositions(model, node))) {
    const transposed = giverOf(model, gather.input[0] as string);
    if (transposed?.op_type !== 'Transpose' || !onlyReaderOf(model, gather.input[0] as string)) continue;
    if (attributeOf(transposed, 'perm') !== CHANNELS_LAST) continue;
    const layers = pointwiseBefore(model, transposed.input[0] as string);
    const [first, last] = [layers[0], layers.at(-1)];
    if (!first || !last) continue;
    const answer = gather.output[0] as string;
    const [read, asMap] = [`${answer}/read`, `${answer}/as_map`];
    transposed.input[0] = first.input[0] as string;
    gather.output[0] = read;
    first.input[0] = asMap;
    graph.node = graph.node.filter((node) => !layers.includes(node));
    graph.node.splice(
      graph.node.indexOf(gather) + 1,
      0,
      { op_type: 'Unsqueeze', input: [read, axes], output: [asMap] },
      ...layers,
      { op_type: 'Squeeze', input: [last.output[0] as string, axes], output: [answer] },
    );
    changed++;
  }
  if (changed > 0) {
    graph.initializer.push(wholesTensor(axes, HEIGHT_AND_WIDTH));
  }
  return changed;
}

/** Whether a node reads all channels at listed positions: its list is of batch, row and column, side by side. */
function readsPositions(model: OnnxModel, node: OnnxNode): boolean {
  if (node.op_type !== 'GatherND' || attributeOf(node, 'batch_dims', '0') !== '0') return false;
  let list = giverOf(model, node.input[1] as string);
  if (list?.op_type === 'Cast') list = giverOf(model, list.input[0] as string);
  return list?.op_type === 'Concat' && attributeOf(list, 'axis') === '1' && list.input.length === 3;
}

/** The layers that lead to `name` and see one position at a time, in their order; beginning with a convolution. */
function pointwiseBefore(model: OnnxModel, name: string): OnnxNode[] {
  const layers: OnnxNode[] = [];
  for (let at = giverOf(model, name); at; at = giverOf(model, at.input[0] as string)) {
    if (!onlyReaderOf(model, at.output[0] as string)) break;
    if (at.op_type !== 'Relu' && !isPointwise(model, at)) break;
    layers.unshift(at);
  }
  while (layers[0] && layers[0].op_type !== 'Conv') layers.shift();
  return layers;
}

function isPointwise(model: OnnxModel, node: OnnxNode): boolean {
  if (node.op_type !== 'Conv') return false;
  const kernel = constantOf(model, node.input[1])?.dims.slice(2).join();
  return (
    kernel === '1,1' &&
    /^(1,1)?$/.test(attributeOf(node, 'strides')) &&
    /^[0,]*$/.test(attributeOf(node, 'pads'))
  );
}
