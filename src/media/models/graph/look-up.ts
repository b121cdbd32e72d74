import { INT32, INT64, type OnnxModel, type OnnxNode, type OnnxTensor } from './onnx-format.ts';

/** The nodes that read `name`. */
export function readersOf({ graph }: OnnxModel, name: string): OnnxNode[] {
  return graph.node.filter(({ input }) => input.includes(name));
}

/** The one node that reads `name`; undefined where there are several, or it is what the model gives. */
export function onlyReaderOf(model: OnnxModel, name: string): OnnxNode | undefined {
  const [reader, ...others] = readersOf(model, name);
  const isGiven = model.graph.output.some((output) => output.name === name);
  return isGiven || others.length > 0 ? undefined : reader;
}

/** The node that gives `name`; undefined where it is an input or a constant. */
export function giverOf({ graph }: OnnxModel, name: string): OnnxNode | undefined {
  return graph.node.find(({ output }) => output.includes(name));
}

/** The constant of that name. */
export function constantOf({ graph }: OnnxModel, name: string | undefined): OnnxTensor | undefined {
  return graph.initializer.find((tensor) => tensor.name === name);
}

/** A whole number, or several with commas between. */
export function attributeOf({ attribute = [] }: OnnxNode, name: string, missing = ''): string {
  const found = attribute.find((one) => one.name === name);
  if (!found) return missing;
  return found.ints?.length ? found.ints.join() : String(found.i ?? missing);
}

/** How many values a tensor of that shape has. */
export function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, length) => product * length, 1);
}

/** The values of a tensor in single precision; copied, since what was read from a file need not lie at a multiple of four. */
export function floatsOf({ raw_data }: OnnxTensor): Float32Array<ArrayBuffer> {
  const count = Math.floor(raw_data.length / Float32Array.BYTES_PER_ELEMENT);
  return new Float32Array(new Uint8Array(raw_data).buffer, 0, count);
}

/** The values of a tensor of whole numbers; none where it is another. */
export function wholesOf({ data_type, raw_data }: OnnxTensor): number[] {
  const bytes = new Uint8Array(raw_data).buffer;
  if (data_type === INT64 && bytes.byteLength % 8 === 0) return Array.from(new BigInt64Array(bytes), Number);
  if (data_type === INT32 && bytes.byteLength % 4 === 0) return [...new Int32Array(bytes)];
  return [];
}

/** A constant tensor of whole numbers without a dimension, or of one. */
export function wholesTensor(name: string, values: readonly number[], dims = [values.length]): OnnxTensor {
  const raw_data = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  return { name, dims, data_type: INT64, raw_data };
}

/** The one division by a constant that serves nothing else but, perhaps, the remainder: `i − n·floor(i / n)`. */
export function divisionBy(model: OnnxModel, divisor: string): OnnxNode | undefined {
  const readers = readersOf(model, divisor);
  const division = readers.find(({ op_type, input }) => op_type === 'Div' && input[1] === divisor);
  const quotient = division?.output[0] as string;
  const others = readers.filter((node) => node !== division);
  return others.every(({ op_type, input }) => op_type === 'Mul' && input.includes(quotient))
    ? division
    : undefined;
}
