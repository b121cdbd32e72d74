import { expect, test } from '@jest/globals';
import { fastify } from 'fastify';
import { problems } from '../../../src/api/plugins/problems.ts';
import { DatabaseWriteError } from '../../../src/domain/errors.ts';

const withCode = (code: string) => Object.assign(new Error('x'), { code });
const write = (code: string) => new DatabaseWriteError('no', { cause: withCode(code) });

test.each<[string, Error, number, string]>([
  ['a name that cannot be looked up', withCode('EAI_AGAIN'), 503, 'database-unavailable'],
  ['a host out of reach', withCode('EHOSTUNREACH'), 503, 'database-unavailable'],
  ['a write while PostgreSQL shuts down', write('57P01'), 503, 'database-unavailable'],
  ['a value no column takes', write('22001'), 500, 'internal'],
  ['a broken constraint', write('23505'), 500, 'internal'],
  ['a wrong statement', write('42703'), 500, 'internal'],
  ['a bug', new TypeError('undefined is not a function'), 500, 'internal'],
])('%s', async (_what, error, status, word) => {
  const api = fastify();
  await api.register(problems);
  api.get('/', () => {
    throw error;
  });
  const answer = await api.inject('/');
  expect(answer.statusCode).toBe(status);
  expect(answer.json()).toMatchObject({ type: `urn:doubletake:problem:${word}` });
  // Only what waiting can mend is asked for again.
  expect(answer.headers['retry-after']).toBe(status === 503 ? '5' : undefined);
  await api.close();
});
