import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { peek } from '../../../src/api/accept/peek.ts';

const chunked = fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { maxLength: 20 });

test('whatever the chunks, nothing is lost by looking at the beginning', async () => {
  await fc.assert(
    fc.asyncProperty(chunked, fc.integer({ min: 1, max: 200 }), async (chunks, wanted) => {
      const all = Buffer.concat(chunks);
      const { head, whole } = await peek(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), wanted);
      expect(head.length).toBeGreaterThanOrEqual(Math.min(wanted, all.length));
      expect(all.subarray(0, head.length).equals(head)).toBe(true);
      expect((await buffer(whole)).equals(all)).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test('a source that breaks in the middle breaks the whole', async () => {
  async function* broken() {
    yield Buffer.alloc(10);
    yield Buffer.alloc(10);
    throw new Error('the line is dead');
  }
  const { whole } = await peek(Readable.from(broken()), 5);
  await expect(buffer(whole)).rejects.toThrow('the line is dead');
});

test('giving up the whole gives up the source', async () => {
  const source = Readable.from([Buffer.alloc(10), Buffer.alloc(10)]);
  const { whole } = await peek(source, 5);
  whole.destroy();
  await new Promise((resolve) => source.once('close', resolve));
  expect(source.destroyed).toBe(true);
});
