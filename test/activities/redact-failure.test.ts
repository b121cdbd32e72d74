import { expect, test } from '@jest/globals';
import type { Context } from '@temporalio/activity';
import {
  ApplicationFailure,
  CancelledFailure,
  DefaultFailureConverter,
  defaultPayloadConverter,
} from '@temporalio/common';
import fc from 'fast-check';
import { failureInterceptor } from '../../src/activities/failure-interceptor.ts';
import { failureOf } from '../../src/activities/failures.ts';
import { redactFailure } from '../../src/activities/redact-failure.ts';
import { SecretMissing, UnreadableMedia } from '../../src/domain/errors.ts';
import { createKnownSecrets } from '../../src/domain/known-secrets.ts';

const converter = new DefaultFailureConverter();

/** All that Temporal is told of a failure, payloads decoded. */
function told(error: unknown): string {
  const failure = converter.errorToFailure(error, defaultPayloadConverter);
  return JSON.stringify(failure, (_key, value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value,
  );
}

function knowing(value: string) {
  const known = createKnownSecrets();
  known.learn(value);
  return known;
}

const secret = fc
  .string({ unit: fc.constantFrom(...'aZ09@:/?#&=+% "\\'), minLength: 6, maxLength: 16 })
  .filter((value) => /[a-zA-Z0-9]{2}/.test(value));
const address = (value: string) => `rtsp://admin:${encodeURIComponent(value)}@10.0.0.5/s`;

test('no failure tells Temporal a secret, wherever in it that is', () => {
  const places: ((value: string) => unknown)[] = [
    (value) => new Error(`${address(value)}: 401`),
    (value) => new UnreadableMedia(`cannot open ${value}`, { cause: new Error(address(value)) }),
    (value) => new Error('outer', { cause: new Error('inner', { cause: `stderr: ${value}` }) }),
    (value) => new Error('outer', { cause: { message: value, stack: `Error: ${value}\n at x` } }),
    (value) => new Error('outer', { cause: { url: value } }),
    (value) => new AggregateError([new Error(value)], value),
    (value) => Object.assign(new Error('x'), { stack: `Error: ${value}\n    at x`, url: value }),
    (value) =>
      ApplicationFailure.create({ message: value, details: [{ deep: [{ [value]: address(value) }] }] }),
    (value) => new Error('x', { cause: ApplicationFailure.create({ message: value, details: [value] }) }),
    (value) => new CancelledFailure(value, [value], new Error(value)),
    (value) => Object.assign(new Error(value), { name: 'AbortError' }),
    (value) => value,
  ];
  fc.assert(
    fc.property(secret, fc.constantFrom(...places), (value, place) => {
      const failure = redactFailure(failureOf(place(value), {}), knowing(value).redact);
      const text = told(failure).replaceAll('[redacted]', '\0');
      for (const form of [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)]) {
        expect(text).not.toContain(form);
      }
    }),
    { numRuns: 1000 },
  );
});

test('what the workflow goes by stays', () => {
  const given = ApplicationFailure.create({
    type: 'T',
    message: 'no rtsp://admin:hunter2@h',
    nonRetryable: true,
    details: [{ n: 1 }],
    nextRetryDelay: 5000,
  });
  const failure = redactFailure(given, createKnownSecrets().redact);
  expect(failure).toBeInstanceOf(ApplicationFailure);
  expect(failure).toMatchObject({
    type: 'T',
    message: 'no rtsp://[redacted]@h',
    nonRetryable: true,
    details: [{ n: 1 }],
    nextRetryDelay: 5000,
  });
  expect(redactFailure(new CancelledFailure('told'), String)).toBeInstanceOf(CancelledFailure);
});

test('causes that go in a circle come to an end', () => {
  const error = new Error('a');
  error.cause = new Error('b', { cause: error });
  expect(redactFailure(error, String).message).toBe('a');
});

test('a missing secret is not tried again', () => {
  expect(failureOf(new SecretMissing('YARD', 'Add it.'), {})).toMatchObject({
    type: 'SecretMissing',
    nonRetryable: true,
  });
});

test('failures and heartbeats of an activity pass without secrets, and a result with one is refused', async () => {
  const beats: unknown[] = [];
  const context = {
    info: { attempt: 1 },
    cancellationSignal: new AbortController().signal,
    heartbeat: (details: unknown) => beats.push(details),
  } as unknown as Context;
  const known = createKnownSecrets();
  const { execute } = failureInterceptor(context, known).inbound as {
    execute(input: object, next: () => Promise<unknown>): Promise<unknown>;
  };
  const failing = execute({}, async () => {
    known.learn('hunter2!');
    context.heartbeat({ at: 'rtsp://h/hunter2%21', frames: 7 });
    throw new Error('hunter2! is wrong');
  });
  await expect(failing).rejects.toMatchObject({
    message: expect.stringMatching(/^Something went wrong/),
    cause: { message: '[redacted] is wrong' },
  });
  expect(beats).toEqual([{ at: 'rtsp://h/[redacted]', frames: 7 }, { failures: { Unexpected: 1 } }]);
  const result = {
    link: 'http://s3/k?X-Amz-Signature=abc',
    said: ['a hunter2! b'],
    bytes: new Uint8Array(2),
  };
  await expect(execute({}, async () => result)).rejects.toMatchObject({ type: 'SecretInResult' });
  const innocent = { ...result, said: ['a b'] };
  expect(await execute({}, async () => innocent)).toBe(innocent);
});
