import protobuf from 'protobufjs';

/** What is read or changed of a model here; every other field is kept as it came. */
const schema = `
  syntax = "proto3";
  message Model { Graph graph = 7; repeated OperatorSet opset_import = 8; }
  message OperatorSet { string domain = 1; int64 version = 2; }
  message Graph {
    repeated Node node = 1; repeated Tensor initializer = 5;
    repeated ValueInfo input = 11; repeated ValueInfo output = 12;
  }
  message Node {
    repeated string input = 1; repeated string output = 2; string op_type = 4; repeated Attribute attribute = 5;
  }
  message Attribute { string name = 1; int64 i = 3; repeated int64 ints = 8; int32 type = 20; }
  message Tensor { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
  message ValueInfo { string name = 1; Type type = 2; }
  message Type { TensorType tensor_type = 1; }
  message TensorType { int32 elem_type = 1; Shape shape = 2; }
  message Shape { repeated Length dim = 1; }
  message Length { oneof value { int64 dim_value = 1; string dim_param = 2; } }
`;

/** `TensorProto.DataType`. */
export const FLOAT = 1;
export const INT32 = 6;
export const INT64 = 7;

/** `AttributeProto.AttributeType` of a whole number. */
export const INT = 2;

/** int64: compare as numbers. */
type Whole = { toString(): string };

export interface OnnxNode {
  input: string[];
  output: string[];
  op_type: string;
  attribute?: { name: string; type?: number; i?: Whole; ints?: Whole[] }[];
}

/** Of one dimension: a number, or a name where it is open. */
export interface OnnxLength {
  dim_value?: Whole;
  dim_param?: string;
}

export interface OnnxTensor {
  name: string;
  dims: Whole[];
  data_type: number;
  /** Little-endian; empty where the values are stored in another way. */
  raw_data: Uint8Array;
}

export interface OnnxModel {
  graph: {
    node: OnnxNode[];
    initializer: OnnxTensor[];
    input: { name: string; type: { tensor_type: { elem_type: number; shape?: { dim: OnnxLength[] } } } }[];
    output: { name: string }[];
  };
  /** Versions of the operators' meaning; the standard ones have no domain. */
  opset_import: { domain?: string; version: Whole }[];
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
