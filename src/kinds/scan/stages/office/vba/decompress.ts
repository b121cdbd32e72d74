import { ByteSink } from '../../../documents/byte-sink.ts';

const CHUNK = 4096;

export interface Decompressed {
  bytes: Uint8Array;
  /** It ended early, or pointed to what was never there. */
  damaged: boolean;
}

/** Decompresses a container of MS-OVBA 2.4.1, up to `limit` bytes; what comes before damage is kept. */
export function decompressVba(container: Uint8Array, limit: number): Decompressed {
  const sink = new ByteSink();
  if (container[0] !== 1) return { bytes: sink.bytes, damaged: true };
  let damaged = false;
  for (let at = 1; at + 2 <= container.length && sink.length < limit; ) {
    const header = (container[at] as number) | ((container[at + 1] as number) << 8);
    const end = at + 3 + (header & 0xfff);
    const chunk = container.subarray(at + 2, end);
    if ((header & 0x8000) === 0) sink.append(chunk.subarray(0, CHUNK));
    else if (!decompressChunk(chunk, sink)) damaged = true;
    if (end > container.length) damaged = true;
    at = end;
  }
  return { bytes: sink.bytes.subarray(0, limit), damaged };
}

/** @returns whether all of it could be read */
function decompressChunk(chunk: Uint8Array, sink: ByteSink): boolean {
  const begin = sink.length;
  let at = 0;
  while (at < chunk.length) {
    const flags = chunk[at++] as number;
    for (let bit = 0; bit < 8 && at < chunk.length; bit++) {
      const there = sink.length - begin;
      if (there >= CHUNK) return at >= chunk.length;
      if (((flags >> bit) & 1) === 0) {
        sink.push(chunk[at++] as number);
        continue;
      }
      if (at + 2 > chunk.length) return false;
      const token = (chunk[at] as number) | ((chunk[at + 1] as number) << 8);
      at += 2;
      // The further the chunk has come, the more bits of a token say how far back, and the fewer how much.
      const bits = Math.max(4, Math.ceil(Math.log2(there)));
      const back = (token >> (16 - bits)) + 1;
      if (back > there) return false;
      const length = Math.min((token & (0xffff >> bits)) + 3, CHUNK - there);
      for (let copied = 0; copied < length; copied++) sink.push(sink.bytes[sink.length - back] as number);
    }
  }
  return true;
}
