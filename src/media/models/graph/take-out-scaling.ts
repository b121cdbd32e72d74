import { constantOf, floatsOf, onlyReaderOf } from './look-up.ts';
import { FLOAT, type OnnxModel, type OnnxNode } from './onnx-format.ts';

const LEVELS = 256;
const CHANNELS = 3;

/**
 * Takes out of a model the arithmetic that it does first with each colour value (x / 127.5 − 1 and the like),
 * for a table to do: a tenth of the time of a small model, since onnxruntime broadcasts three numbers over a
 * picture one pixel at a time. The table is made in single precision, step by step as the model does it, so that
 * no bit of the answer changes.
 * @param model with RGB 0–255 as its first input, channels last; changed in place
 * @returns for each channel, red first, what the values 0–255 become: 3×256. null where the model begins otherwise,
 *   and stays as it was
 */
export function takeOutScaling(model: OnnxModel): Float32Array | null {
  const { graph } = model;
  const [input] = graph.input;
  if (!input) return null;
  const scaled = Float32Array.from({ length: CHANNELS * LEVELS }, (_, at) => at % LEVELS);
  const done = new Set<OnnxNode>();
  let name = input.name;
  for (;;) {
    const node = onlyReaderOf(model, name);
    const step = node && stepOf(model, node, name);
    if (!step) break;
    for (let at = 0; at < scaled.length; at++)
      scaled[at] = step(scaled[at] as number, Math.floor(at / LEVELS));
    done.add(node);
    name = node.output[0] as string;
  }
  // Without one there is nothing to save, and no telling that the model computes in single precision.
  if (![...done].some(({ op_type }) => op_type in arithmetic)) return null;
  graph.node = graph.node.filter((node) => !done.has(node));
  input.name = name;
  input.type.tensor_type.elem_type = FLOAT;
  return scaled;
}

type Step = (value: number, channel: number) => number;

const arithmetic: Record<string, (a: number, b: number) => number> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
};

/** What a node does to a colour value; null when it is more than that. */
function stepOf(model: OnnxModel, { op_type, input, output }: OnnxNode, name: string): Step | null {
  if (output.length !== 1) return null;
  if (op_type === 'Split') return input.length === 1 ? (value) => value : null;
  // Of the pixels only: whole numbers to 255 are the same in every type that a model may take them in.
  if (op_type === 'Cast') return name === model.graph.input[0]?.name ? (value) => value : null;
  const act = arithmetic[op_type];
  const [first, second] = input;
  if (!act || first !== name || second === undefined) return null;
  const constant = numbersOf(model, second);
  if (!constant) return null;
  return (value, channel) => Math.fround(act(value, constant[channel % constant.length] as number));
}

/** A single number, or one for each channel. */
function numbersOf(model: OnnxModel, name: string): Float32Array | null {
  const found = constantOf(model, name);
  if (found?.data_type !== FLOAT) return null;
  const { raw_data: raw, dims } = found;
  const isOne = raw.length === 4;
  if (!isOne && (raw.length !== 4 * CHANNELS || Number(dims.at(-1)) !== CHANNELS)) return null;
  return floatsOf(found);
}
