import { afterEach, expect, test } from '@jest/globals';
import { decodingPool } from '../../src/activities/decoding-pool.ts';
import { failureOf } from '../../src/activities/failures.ts';
import { ChildLost } from '../../src/domain/child-lost.ts';
import { openPools } from '../media/fixtures/odd-pool.ts';
import type { OddTasks } from '../media/fixtures/odd-tasks.ts';

const pools = openPools();
afterEach(() => pools.closeAll());

test('a file whose child is lost three times is named with what to do, and not tried again', async () => {
  const retried: number[] = [];
  const pool = decodingPool<OddTasks>(pools.odd({ onRetry: (_lost, tries) => retried.push(tries) }));
  const error = await pool.run({ task: 'abort', fileName: 'jump.mp4' }).catch((reason) => reason);
  expect(retried).toEqual([1, 2]);
  expect(error.message).toMatch(
    /^The process that was looking at jump\.mp4 was lost \(killed by SIGABRT\); it said: heap corruption of the decoder.*export it anew and upload that\.$/,
  );
  expect(error.cause).toBeInstanceOf(ChildLost);
  expect(failureOf(error, {})).toMatchObject({ type: 'DecoderCrashed', nonRetryable: true });
});

test('a run may ask for fewer tries', async () => {
  const retried: number[] = [];
  const pool = decodingPool<OddTasks>(pools.odd({ onRetry: (_lost, tries) => retried.push(tries) }));
  const run = pool.run({ task: 'abort', fileName: 'jump.mp4' }, { limits: { tries: 1 } });
  await expect(run).rejects.toThrow('jump.mp4 was lost');
  expect(retried).toEqual([]);
});
