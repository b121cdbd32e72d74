import { expect, test } from '@jest/globals';
import { isDatabaseAway, isOurs } from '../../src/database/what-failed.ts';

const withCode = (code: string) => Object.assign(new Error('x'), { code });
const within = (cause: Error) => new Error('outer', { cause });

test.each(['ECONNREFUSED', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', '08006', '53300', '57P01', '57014'])(
  '%s says that the database is away, also from within',
  (code) => {
    expect(isDatabaseAway(withCode(code))).toBe(true);
    expect(isDatabaseAway(within(withCode(code)))).toBe(true);
    expect(isOurs(withCode(code))).toBe(false);
  },
);

test.each(['22001', '23505', '42703', 'SQLITE_CONSTRAINT_CHECK'])('%s is no outage and stays so', (code) => {
  expect(isDatabaseAway(within(withCode(code)))).toBe(false);
  expect(isOurs(within(withCode(code)))).toBe(true);
});

test('the driver tells an outage without a code; a bug is none', () => {
  expect(isDatabaseAway(new Error('Connection terminated unexpectedly'))).toBe(true);
  expect(isDatabaseAway(new TypeError('undefined is not a function'))).toBe(false);
});
