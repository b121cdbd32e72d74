import { expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { failureOf } from '../../src/activities/failures.ts';
import { ChildLost } from '../../src/domain/child-lost.ts';
import {
  DatabaseWriteError,
  DecoderCrashed,
  StaleAttempt,
  StorageRefused,
  StorageUnavailable,
  UnreadableMedia,
} from '../../src/domain/errors.ts';
import { EndpointUnavailable } from '../../src/language/errors.ts';

const withCode = (message: string, code: string) => Object.assign(new Error(message), { code });

test.each([
  ['an unreadable file is not tried again', new UnreadableMedia('cut off'), {}, true],
  ['a job taken over is not tried again', new StaleAttempt('taken over'), {}, true],
  ['S3 away is waited for, however long', new StorageUnavailable('away'), { StorageUnavailable: 500 }, false],
  ['S3 refusing is tried again', new StorageRefused('k', 'no'), { StorageRefused: 1 }, false],
  ['S3 refusing thrice is believed', new StorageRefused('k', 'no'), { StorageRefused: 2 }, true],
  [
    'an hour of S3 away says nothing about a refusal after it',
    new StorageRefused('k', 'no'),
    { StorageUnavailable: 360 },
    false,
  ],
  [
    'a full disk is waited for',
    withCode('no space left on device', 'ENOSPC'),
    { WorkerOutOfRoom: 99 },
    false,
  ],
  [
    'a PostgreSQL that hangs is waited for',
    new Error('Query read timeout'),
    { DatabaseUnavailable: 99 },
    false,
  ],
  ['a decoder that was lost in every try is the file', new DecoderCrashed('lost'), {}, true],
  [
    'PostgreSQL away is waited for',
    new DatabaseWriteError('away', { cause: withCode('x', 'ECONNREFUSED') }),
    { DatabaseWriteError: 99 },
    false,
  ],
  [
    'a row PostgreSQL cannot take stays so',
    new DatabaseWriteError('no', { cause: withCode('x', '23514') }),
    {},
    true,
  ],
  [
    'a read while PostgreSQL shuts down is tried again',
    withCode('terminating connection', '57P01'),
    { DatabaseUnavailable: 99 },
    false,
  ],
  ['a bug is tried a little', new TypeError('undefined is not a function'), { Unexpected: 3 }, false],
  ['a bug stays one', new TypeError('undefined is not a function'), { Unexpected: 4 }, true],
])('%s', (_, error, before, nonRetryable) => {
  const failure = failureOf(error, before);
  expect(failure).toBeInstanceOf(ApplicationFailure);
  expect(failure).toMatchObject({ nonRetryable });
});

test('type and message are those of the error', () => {
  expect(failureOf(new UnreadableMedia('squats.mp4 has no video track'), {})).toMatchObject({
    type: 'UnreadableMedia',
    message: 'squats.mp4 has no video track',
  });
});

test('the loss of a child is told by its type, with how it was lost and at what', () => {
  const lost = new ChildLost({ how: 'memory', task: 'scan', detail: 512, stderr: '' });
  expect(failureOf(lost, {})).toMatchObject({
    type: 'ChildLost',
    nonRetryable: true,
    details: [{ how: 'memory', task: 'scan' }],
  });
});

test('a server that says when it may be asked again is asked then', () => {
  expect(failureOf(new EndpointUnavailable('too many', 7000), {})).toMatchObject({
    nonRetryable: false,
    nextRetryDelay: 7000,
  });
  expect(failureOf(new EndpointUnavailable('away'), {})).toMatchObject({ nextRetryDelay: undefined });
});
