/** A view for reading numbers; it copies nothing. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A Buffer over the same memory. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function latin1(bytes: Uint8Array): string {
  return bufferOf(bytes).toString('latin1');
}

/** An odd byte at the end is left away: Node 24 writes beyond its memory for one that is not aligned. */
export function utf16(bytes: Uint8Array): string {
  return bufferOf(bytes.subarray(0, bytes.length & ~1)).toString('utf16le');
}

export function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}

/** A text that ends with a zero, or at the end of the bytes; null where none ends within `limit`. */
export function zeroTerminated(bytes: Uint8Array, from: number, limit: number): string | null {
  const end = bytes.indexOf(0, from);
  if (end < 0 || end - from > limit) return null;
  return latin1(bytes.subarray(from, end));
}
