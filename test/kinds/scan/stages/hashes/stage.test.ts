import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import tlsh from 'tlsh';
import { similarityDigest } from '../../../../../src/kinds/scan/stages/hashes/similarity.ts';
import { hashesStage } from '../../../../../src/kinds/scan/stages/hashes/stage.ts';
import { fileOf } from '../file-of.ts';

const factsOf = async (content: string | Uint8Array) =>
  (await hashesStage.look(await fileOf('a', content))).facts as Record<string, unknown>;

/** The same bytes at each start, with every value as often. */
function bytesOf(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, index) => (index * 167 + (index >> 8) * 13) & 0xff));
}

test('digests are those of the whole file, over chunks, and of any alignment', async () => {
  const whole = bytesOf(3 * 1024 ** 2 + 5);
  for (const content of [
    Buffer.alloc(0),
    Buffer.from('abc'),
    whole,
    whole.subarray(1),
    whole.subarray(3, 300_001),
  ]) {
    const facts = await factsOf(content);
    for (const name of ['sha256', 'sha1', 'md5'])
      expect(facts[name]).toBe(createHash(name).update(content).digest('hex'));
  }
});

test('entropy is 0 of one byte, 1 of two, 8 of all', async () => {
  const twice = 512 * 1024;
  expect((await factsOf(Buffer.alloc(1_000_003, 7))).entropy).toBe(0);
  expect((await factsOf(Buffer.from('ab'.repeat(twice)))).entropy).toBe(1);
  expect((await factsOf(bytesOf(1024 ** 2))).entropy).toBe(8);
  expect((await factsOf(Buffer.from('abcd'))).entropy).toBe(2);
  expect(await factsOf('')).not.toHaveProperty('entropy');
});

test('TLSH is there, or why it is not', async () => {
  const text = Array.from({ length: 200 }, (_, index) => `line ${index * index} of a text that varies`).join(
    '\n',
  );
  const [facts, other] = [await factsOf(text), await factsOf(text.replace('line 4 ', 'line 5 '))];
  expect(facts.tlsh).toMatch(/^(?:T1)?[\dA-F]{70}$/);
  expect(other.tlsh).not.toBe(facts.tlsh);
  expect(await factsOf('short')).toMatchObject({ tlsh: null, tlsh_reason: 'It has less than 512 bytes.' });
  expect(await factsOf(Buffer.alloc(4000))).toMatchObject({ tlsh: null, tlsh_reason: expect.any(String) });
  expect(await factsOf(Buffer.alloc(16 * 1024 ** 2 + 1))).toMatchObject({
    tlsh: null,
    tlsh_reason: expect.any(String),
  });
});

test('TLSH is the one that the library gives', () => {
  const theirs = (bytes: Uint8Array) => {
    try {
      return tlsh(Buffer.from(bytes).toString('latin1'));
    } catch {
      return null;
    }
  };
  const any = fc.uint8Array({ minLength: 0, maxLength: 4000, size: 'max' });
  const words = fc.array(fc.constantFrom('one ', 'two ', 'three ', '\n', 'é'), {
    maxLength: 900,
    size: 'max',
  });
  const content = fc.oneof(
    any,
    words.map((parts) => Buffer.from(parts.join(''), 'latin1')),
  );
  fc.assert(
    fc.property(content, (bytes) => {
      expect(similarityDigest(bytes)).toBe(theirs(bytes));
    }),
    { numRuns: 200 },
  );
  expect(similarityDigest(bytesOf(100_000))).toBe(theirs(bytesOf(100_000)));
});
