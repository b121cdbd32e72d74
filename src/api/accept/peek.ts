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
    if (head.length > 0) yield head;
    yield* { [Symbol.asyncIterator]: () => rest };
  }
  const whole = Readable.from(all(), { objectMode: false });
  // A generator that was never started is not told when it is given up.
  whole.once('close', () => source.destroy());
  return { head, whole };
}
