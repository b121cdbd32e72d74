import type { OnnxModel, OnnxNode, OnnxTensor } from './onnx-format.ts';

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
