import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fingerprintOf, idempotencyKeyOf } from '../../../src/api/accept/idempotency.ts';
import { optionsFromText, optionsOf } from '../../../src/api/accept/kind-and-options.ts';
import { fileNameOf, originalKey } from '../../../src/api/accept/original-key.ts';
import { InvalidRequest } from '../../../src/domain/errors.ts';
import { technique } from '../../../src/domain/kinds/technique.ts';

test('a path in a file name is only a name', () => {
  expect(fileNameOf('C:\\Users\\coach\\squats.mp4')).toBe('squats.mp4');
  expect(fileNameOf('../../etc/passwd')).toBe('passwd');
  expect(fileNameOf('a\u0000b\n.mp4')).toBe('ab.mp4');
  expect(fileNameOf(undefined)).toBe('unnamed');
});

test('a long name is cut between characters, not within one', () => {
  const name = fileNameOf(`${'a'.repeat(199)}${'📏'.repeat(9)}.mp4`);
  expect(name).toBe(`${'a'.repeat(199)}📏`);
});

test('no user can leave its own place in storage', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (user) => {
      const key = originalKey(user, '00000000-0000-4000-8000-000000000000');
      expect(key).toMatch(/^originals\/[\w.-]+\/00000000-0000-4000-8000-000000000000\/[\w.-]+$/);
      expect(key.split('/')).not.toContain('..');
      expect(key.length).toBeLessThanOrEqual(500);
    }),
  );
});

test('the same options written in another order are the same request', () => {
  const one = fingerprintOf('technique', { mode: 'deep', person: { x: 0, y: 1 } }, 'abc');
  expect(fingerprintOf('technique', { person: { y: 1, x: 0 }, mode: 'deep' }, 'abc')).toBe(one);
  expect(fingerprintOf('technique', { mode: 'quick', person: { x: 0, y: 1 } }, 'abc')).not.toBe(one);
  expect(fingerprintOf('technique', { mode: 'deep', person: { x: 0, y: 1 } }, 'abd')).not.toBe(one);
});

test('an idempotency key may be quoted, as its draft says, or bare', () => {
  expect(idempotencyKeyOf('"8e03978e"')).toBe('8e03978e');
  expect(idempotencyKeyOf('8e03978e')).toBe('8e03978e');
  expect(idempotencyKeyOf(undefined)).toBeUndefined();
});

test.each([
  [{ mode: 'slow' }, 'options.mode'],
  [{ person: { x: 2, y: 0, width: 1, height: 1 } }, 'options.person.x'],
  [{ spede: 1 }, 'options.spede'],
])('wrong options %j are named by field', (options, field) => {
  expect(() => optionsOf(technique, options)).toThrow(expect.objectContaining({ field }));
});

test('options that are not JSON say so', () => {
  expect(() => optionsFromText('{mode: deep}')).toThrow(InvalidRequest);
  expect(optionsFromText(undefined)).toEqual({});
});
