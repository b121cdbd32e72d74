import protobuf from 'protobufjs';

/** What is read or changed of a model here; every other field is kept as it came. */
const schema = `
  syntax = "proto3";
  message Model { Graph graph = 7; }
  message Graph { repeated Node node = 1; repeated Tensor initializer = 5; repeated ValueInfo input = 11; }
  message Node { repeated string input = 1; repeated string output = 2; string op_type = 4; }
  message Tensor { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
  message ValueInfo { string name = 1; Type type = 2; }
  message Type { TensorType tensor_type = 1; }
  message TensorType { int32 elem_type = 1; }
`;

/** `TensorProto.DataType.FLOAT`. */
export const FLOAT = 1;

export interface OnnxNode {
  input: string[];
  output: string[];
  op_type: string;
}

export interface OnnxTensor {
  name: string;
  /** int64: compare as numbers. */
  dims: { toString(): string }[];
  data_type: number;
  /** Little-endian; empty where the values are stored in another way. */
  raw_data: Uint8Array;
}

export interface OnnxModel {
  graph: {
    node: OnnxNode[];
    initializer: OnnxTensor[];
    input: { name: string; type: { tensor_type: { elem_type: number } } }[];
  };
}

const model = protobuf.parse(schema, { keepCase: true }).root.lookupType('Model');

/** The graph of an ONNX file (onnx/onnx.proto, IR version 3 and later). @throws Error when it is none */
export function readOnnx(bytes: Uint8Array): OnnxModel {
  const reader = protobuf.Reader.create(bytes);
  reader.discardUnknown = false;
  return model.decode(reader) as unknown as OnnxModel;
}

export function writeOnnx(changed: OnnxModel): Uint8Array {
  return model.encode(changed as unknown as protobuf.Message).finish();
}
