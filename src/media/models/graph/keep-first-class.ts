import { constantOf, divisionBy, giverOf, onlyReaderOf, readersOf, sizeOf, wholesOf } from './look-up.ts';
import { FLOAT, type OnnxModel, type OnnxTensor } from './onnx-format.ts';

/**
 * Leaves a CenterNet detector only its first class: 79 maps of things nobody asks for are not computed, nor searched
 * for peaks. The scores of the one left are what they were, and everything found counts as class 0. The search for the
 * best takes an index apart by the number of classes (`floor(i / n)`, `i − n·floor(i / n)`), so that number becomes 1.
 * @param output the one output that stays
 * @returns whether the model was one of that shape; as it was where not
 */
export function keepFirstClass(model: OnnxModel, output: string): boolean {
  const { graph } = model;
  const best = graph.node.filter(({ op_type }) => op_type === 'TopK');
  const [top] = best;
  if (!top || best.length > 1 || !graph.output.some(({ name }) => name === output)) return false;
  const head = convolutionBefore(model, top.input[0] as string);
  const [weights, biases] = [constantOf(model, head?.input[1]), constantOf(model, head?.input[2])];
  if (!weights || !biases || !isPerClass(model, weights) || !isPerClass(model, biases)) return false;
  const classes = Number(weights.dims[0]);
  const divisor = divisorOf(model, top.output[1] as string);
  if (Number(biases.dims[0]) !== classes || !divisor || wholesOf(divisor).join() !== `${classes}`)
    return false;

  for (const tensor of [weights, biases]) {
    tensor.raw_data = tensor.raw_data.slice(0, tensor.raw_data.length / classes);
    tensor.dims = [1, ...tensor.dims.slice(1)];
  }
  divisor.raw_data = new Uint8Array(divisor.raw_data.length).fill(1, 0, 1);
  // The others' shapes are written down in the file and would no longer hold.
  graph.output = graph.output.filter(({ name }) => name === output);
  return true;
}

/** The convolution that what is searched comes from: the first input of each node leads there. */
function convolutionBefore(model: OnnxModel, name: string) {
  let node = giverOf(model, name);
  while (node && node.op_type !== 'Conv') node = giverOf(model, node.input[0] as string);
  return node;
}

/** Numbers of one reader, as many for each class. */
function isPerClass(model: OnnxModel, { name, data_type, raw_data, dims }: OnnxTensor): boolean {
  const count = sizeOf(dims.map(Number));
  return (
    data_type === FLOAT &&
    raw_data.length === count * Float32Array.BYTES_PER_ELEMENT &&
    onlyReaderOf(model, name) !== undefined
  );
}

/** What the found positions are divided by first, where that is all it is for. */
function divisorOf(model: OnnxModel, positions: string): OnnxTensor | undefined {
  const [cast] = readersOf(model, positions);
  const from = cast?.op_type === 'Cast' ? (cast.output[0] as string) : positions;
  const division = readersOf(model, from).find(({ op_type }) => op_type === 'Div');
  const divisor = constantOf(model, division?.input[1]);
  return divisor && divisionBy(model, divisor.name) === division ? divisor : undefined;
}
