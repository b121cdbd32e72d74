import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { secretsIn } from '../../fuzz/api/secrets-in.ts';

const secret = 'dt_/+ 0123456789abcdef';

test.each([
  ['as it is', secret],
  ['in an address', encodeURIComponent(secret)],
  ['in Base64', Buffer.from(secret).toString('base64')],
])('a secret %s is found, with its line and without itself', (_, written) => {
  const log = `{"msg":"harmless"}\n{"msg":"before ${written} after"}\n`;
  const found = secretsIn(log, { 'the key': secret });
  expect(found).toEqual([expect.stringContaining('the key, in line 2')]);
  expect(found.join()).not.toContain(written);
});

test('a log without it is clean', () => {
  fc.assert(
    fc.property(fc.string(), (log) => {
      expect(secretsIn(log, { 'the key': secret })).toEqual([]);
    }),
  );
});
