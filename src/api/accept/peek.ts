import { Readable } from 'node:stream';

/**
 * The first `wanted` bytes of a stream (fewer when it ends before), and the whole stream, those bytes
 * included, still flowing only as fast as it is read.
 */
export async function peek(source: Readable, wanted: number): Promise<{ head: Buffer; whole: Readable }> {
  const rest: AsyncIterator<Buffer> = source[Symbol.asyncIterator]();
  const chunks: Buffer[] = [];
  let bytes = 0;
  while (bytes < wanted) {
    const { done, value } = await rest.next();
    if (done) break;
    chunks.push(value);
    bytes += value.length;
  }
  const head = Buffer.concat(chunks);
  async function* all() {
    try {
      if (head.length > 0) yield head;
      yield* { [Symbol.asyncIterator]: () => rest };
    } finally {
      source.destroy();
    }
  }
  return { head, whole: Readable.from(all(), { objectMode: false }) };
}
