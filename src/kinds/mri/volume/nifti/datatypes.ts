import type { Numbers } from '../volume.ts';

interface Datatype {
  name: string;
  bits: number;
  /** The values in a buffer that holds nothing else, in this machine's order. Missing: it has not one number a voxel. */
  values?: (buffer: ArrayBuffer) => Numbers;
}

/** By the code that NIfTI gives them. */
export const datatypes: ReadonlyMap<number, Datatype> = new Map([
  [1, { name: 'bits', bits: 1 }],
  [2, { name: 'uint8', bits: 8, values: (buffer) => new Uint8Array(buffer) }],
  [4, { name: 'int16', bits: 16, values: (buffer) => new Int16Array(buffer) }],
  [8, { name: 'int32', bits: 32, values: (buffer) => new Int32Array(buffer) }],
  [16, { name: 'float32', bits: 32, values: (buffer) => new Float32Array(buffer) }],
  [32, { name: 'complex numbers', bits: 64 }],
  [64, { name: 'float64', bits: 64, values: (buffer) => new Float64Array(buffer) }],
  [128, { name: 'RGB colours', bits: 24 }],
  [256, { name: 'int8', bits: 8, values: (buffer) => new Int8Array(buffer) }],
  [512, { name: 'uint16', bits: 16, values: (buffer) => new Uint16Array(buffer) }],
  [768, { name: 'uint32', bits: 32, values: (buffer) => new Uint32Array(buffer) }],
  [1024, { name: 'int64', bits: 64, values: (buffer) => inPlace(new BigInt64Array(buffer)) }],
  [1280, { name: 'uint64', bits: 64, values: (buffer) => inPlace(new BigUint64Array(buffer)) }],
  [1536, { name: 'float128', bits: 128 }],
  [1792, { name: 'complex numbers of float64', bits: 128 }],
  [2048, { name: 'complex numbers of float128', bits: 256 }],
  [2304, { name: 'RGBA colours', bits: 32 }],
] satisfies [number, Datatype][]);

export const UINT8 = 2;
export const INT16 = 4;

function inPlace(long: BigInt64Array | BigUint64Array): Float64Array {
  const values = new Float64Array(long.buffer as ArrayBuffer);
  for (let n = 0; n < long.length; n++) values[n] = Number(long[n]);
  return values;
}

export function swapBytes(buffer: ArrayBuffer, bits: number): void {
  const bytes = Buffer.from(buffer);
  if (bits === 16) bytes.swap16();
  if (bits === 32) bytes.swap32();
  if (bits === 64) bytes.swap64();
}
