import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { optionsFromText, optionsOf } from '../../../src/api/accept/kind-and-options.ts';
import { InvalidRequest } from '../../../src/domain/errors.ts';
import type { AnyKind } from '../../../src/domain/kind.ts';
import { technique } from '../../../src/domain/kinds/technique.ts';

/** A kind with addresses, as one that watches cameras has. */
const camera: AnyKind = {
  ...technique,
  kind: 'camera',
  options: z.strictObject({
    url: z.string().regex(/^rtsps?:\/\//, { error: ({ input }) => `${input} is no RTSP address` }),
    names: z.record(z.string(), z.string()).optional(),
    joined: z
      .array(z.string())
      .transform((parts) => parts.join(''))
      .optional(),
  }),
};

test('a secret that is only named is accepted as it was written', () => {
  const options = { url: 'rtsp://admin:{secret:YARD}@10.0.0.5/1' };
  expect(optionsOf(camera, options)).toEqual(options);
});

test.each<[string, object, string]>([
  ['a login', { url: 'rtsp://admin:hunter2hunter2@cam/1' }, 'options.url'],
  ['a token', { url: 'rtsp://cam/1?token=hunter2hunter2' }, 'options.url'],
  ['a login in a wrong address', { url: 'http://admin:hunter2hunter2@cam/1' }, 'options.url'],
  ['a login in an option there is not', { uri: 'http://admin:hunter2hunter2@cam/1' }, 'options.uri'],
  ['a login in a key', { url: 'rtsp://cam', names: { 'rtsp://hunter2hunter2@h': 'x' } }, 'options.names'],
  [
    'a login that the kind puts together',
    { url: 'rtsp://cam', joined: ['rtsp://hunter2', 'x@h'] },
    'options.joined',
  ],
  ['what the kind’s own words repeat', { url: 'hunter2hunter2' }, 'options.url'],
  ['a wrong type', { url: 'rtsp://cam', names: 'hunter2hunter2' }, 'options.names'],
])('%s is refused by its field, and is not repeated', (_what, options, field) => {
  let refused: unknown;
  try {
    optionsOf(camera, options);
  } catch (error) {
    refused = error;
  }
  expect(refused).toBeInstanceOf(InvalidRequest);
  expect(refused).toMatchObject({ field, message: expect.not.stringContaining('hunter2') });
});

test('options that are not JSON are refused without what is in them', () => {
  const parse = (text: string) => () => optionsFromText(text);
  expect(parse('{"url":"rtsp://admin:hunter2@cam" x}')).toThrow(/^options: is not JSON \(at position \d+\)$/);
  expect(parse('hunter2')).toThrow(/^options: is not JSON( \(at position \d+\))?$/);
});

test('what is wrong is said where nothing is repeated', () => {
  expect(() => optionsOf(technique, { mode: 'slow' })).toThrow(/^options\.mode: .*"quick"\|"deep"/);
});
