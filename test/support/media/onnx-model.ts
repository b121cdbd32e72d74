import { wholesTensor } from '../../../src/media/models/graph/look-up.ts';
import {
  FLOAT,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
} from '../../../src/media/models/graph/onnx-format.ts';

/** A node with one output; whole numbers as attributes. */
export function node(
  op_type: string,
  input: string[],
  output: string | string[],
  attributes: Record<string, number | number[]> = {},
): OnnxNode {
  const attribute = Object.entries(attributes).map(([name, value]) =>
    Array.isArray(value) ? { name, ints: value } : { name, i: value },
  );
  return { op_type, input, output: [output].flat(), attribute };
}

export function floats(name: string, dims: number[], values?: number[]): OnnxTensor {
  const count = dims.reduce((product, length) => product * length, 1);
  const data = Float32Array.from(values ?? Array.from({ length: count }, (_, at) => at));
  return { name, dims, data_type: FLOAT, raw_data: new Uint8Array(data.buffer) };
}

export function whole(name: string, value: number): OnnxTensor {
  return wholesTensor(name, [value], []);
}

/** A model that takes `pixels` and gives `answer`. */
export function modelOf(nodes: OnnxNode[], constants: OnnxTensor[], version = 17): OnnxModel {
  return {
    graph: {
      node: nodes,
      initializer: constants,
      input: [{ name: 'pixels', type: { tensor_type: { elem_type: FLOAT } } }],
      output: [{ name: 'answer' }],
    },
    opset_import: [{ domain: '', version }],
  };
}
