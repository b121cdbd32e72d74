/** Layout of the bytes; another one is refused. */
const VERSION = 1;
const WORD = 4;

/** Numbers as JSON, in which every finite number comes back as it was, and arrays as they lie in memory. */
export function packState(numbers: object, arrays: readonly Uint8Array[]): Uint8Array {
  const lengths = arrays.map(({ length }) => length);
  const head = new TextEncoder().encode(JSON.stringify({ version: VERSION, numbers, lengths }));
  const packed = new Uint8Array(WORD + head.length + lengths.reduce((sum, length) => sum + length, 0));
  new DataView(packed.buffer).setUint32(0, head.length, true);
  packed.set(head, WORD);
  let at = WORD + head.length;
  for (const array of arrays) {
    packed.set(array, at);
    at += array.length;
  }
  return packed;
}

/** @throws Error where the bytes are of another version */
export function unpackState<T>(packed: Uint8Array): { numbers: T; arrays: Uint8Array[] } {
  const length = new DataView(packed.buffer, packed.byteOffset).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(packed.subarray(WORD, WORD + length)));
  if (head.version !== VERSION) throw new Error(`a watch's state of version ${head.version} cannot be read`);
  let at = WORD + length;
  const arrays = (head.lengths as number[]).map((size) => {
    at += size;
    return packed.subarray(at - size, at);
  });
  return { numbers: head.numbers, arrays };
}
