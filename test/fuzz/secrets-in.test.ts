import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { secretsIn } from '../../fuzz/api/secrets-in.ts';

const secret = 'dt_/+ "0123456789abcdef';
const encoded = encodeURIComponent(secret);

test.each([
  ['as it is', secret],
  ['in an address', encoded],
  ['in an address within an address', encodeURIComponent(encoded)],
  ['in a query', new URLSearchParams({ a: secret }).toString()],
  ['in JSON', JSON.stringify(secret)],
  ['in JSON within JSON', JSON.stringify(JSON.stringify({ a: secret }))],
  ['in HTML', secret.replace('"', '&quot;')],
  ['in Base64', Buffer.from(secret).toString('base64')],
  ['in Base64 after a name', Buffer.from(`someone:${secret}`).toString('base64url')],
  ['in part, where a line was cut', `${secret.slice(0, 14)}…`],
])('a secret %s is found, with its line and without itself', (_, written) => {
  const log = `{"msg":"harmless"}\n{"msg":"before ${written} after"}\n`;
  const found = secretsIn(log, { 'the key': secret });
  expect(found).toEqual([expect.stringContaining('the key, in line 2')]);
  expect(found.join()).not.toContain('0123');
});

test('of several secrets each is named', () => {
  const log = 'one-secret-of-some\nand another-secret-here';
  expect(secretsIn(log, { a: 'another-secret', b: 'one-secret', c: 'no-secret-at-all' })).toEqual([
    expect.stringContaining('a, in line 2'),
    expect.stringContaining('b, in line 1'),
  ]);
});

test('a log without it is clean', () => {
  fc.assert(
    fc.property(fc.string(), (log) => {
      expect(secretsIn(log, { 'the key': secret })).toEqual([]);
    }),
  );
});
