import { expect, test } from '@jest/globals';
import { CancelledFailure } from '@temporalio/common';
import { collectFailedParts } from '../../../src/activities/maintenance/failed-parts.ts';
import { WrongDatabase } from '../../../src/activities/maintenance/refuse-wrong-database.ts';
import {
  Conflict,
  CriticalArtifactsMissing,
  DatabaseWriteError,
  InvalidRequest,
  NotFound,
  ObjectChanged,
  ObjectMissing,
  StaleAttempt,
  StorageFailing,
  StorageRefused,
  StorageUnavailable,
  TemporalUnavailable,
} from '../../../src/domain/errors.ts';

const coded = (code: string | number, more: object = {}) =>
  Object.assign(new Error('said no'), { code, ...more });
const metadata = {};

test.each([
  ['a cancellation', new CancelledFailure('stop')],
  ['S3 out of reach', new StorageUnavailable('away')],
  ['S3 that fails', new StorageFailing('full')],
  ['Temporal out of reach', new TemporalUnavailable('away')],
  ['Temporal that answers so', new Error('failed', { cause: coded(14, { metadata }) })],
  ['a database out of reach', coded('ECONNREFUSED')],
  ['a write to a database that goes down', new DatabaseWriteError('no', { cause: coded('57P01') })],
  ['a bucket of another database', new WrongDatabase('not ours')],
])('%s is everybody’s', async (_what, error) => {
  const lines: object[] = [];
  const parts = collectFailedParts({ info() {}, warn() {}, error: (fields) => void lines.push(fields) });
  await expect(parts.unlessFailed({ kind: 'a' }, () => Promise.reject(error))).rejects.toBe(error);
  expect(lines).toEqual([]);
  expect(() => parts.throwIfAny()).not.toThrow();
});

test.each([
  ['an object that S3 refuses', new StorageRefused('jobs/1', 'no')],
  ['a conflict', new Conflict('no')],
  ['an object that is gone', new ObjectMissing('jobs/1')],
  ['an object that was changed', new ObjectChanged('jobs/1')],
  ['a job that is not there', new NotFound('no')],
  ['a job that went on', new StaleAttempt('no')],
  ['a wrong value', new InvalidRequest('no')],
  ['a broken promise', new CriticalArtifactsMissing({ report: 'MISSING' })],
  ['a row that cannot be written', new DatabaseWriteError('no', { cause: coded('22P02') })],
  ['a page of a table that is damaged', new DatabaseWriteError('no', { cause: coded('XX001') })],
  ['a workflow that Temporal cannot read', new Error('failed', { cause: coded(13, { metadata }) })],
  ['what nobody foresaw', new RangeError('no')],
])('%s is one part’s, and the next has its turn', async (_what, error) => {
  const lines: object[] = [];
  const parts = collectFailedParts({ info() {}, warn() {}, error: (fields) => void lines.push(fields) });
  expect(await parts.unlessFailed({ kind: 'a' }, () => Promise.reject(error))).toBeNull();
  expect(await parts.unlessFailed({ kind: 'b' }, async () => 7)).toBe(7);
  expect(lines).toEqual([{ err: error, kind: 'a', failed: 1 }]);
  expect(() => parts.throwIfAny()).toThrow(error as Error);
});
