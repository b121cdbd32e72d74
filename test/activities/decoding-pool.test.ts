import { afterEach, expect, test } from '@jest/globals';
import { decodingPool } from '../../src/activities/decoding-pool.ts';
import { failureOf } from '../../src/activities/failures.ts';
import { isTheFiles, WorkerTooBusy } from '../../src/domain/errors.ts';
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
    /^The process that was looking at jump\.mp4 was lost \(killed by SIGABRT\)\. .*export it anew and upload that\.$/,
  );
  // What the decoder said is for the log.
  expect(error.cause).toMatchObject({ how: 'signal', stderr: expect.stringMatching(/^heap corruption/) });
  expect(failureOf(error, {})).toMatchObject({ type: 'DecoderCrashed', nonRetryable: true });
});

test('a run may ask for fewer tries', async () => {
  const retried: number[] = [];
  const pool = decodingPool<OddTasks>(pools.odd({ onRetry: (_lost, tries) => retried.push(tries) }));
  const run = pool.run({ task: 'abort', fileName: 'jump.mp4' }, { limits: { tries: 1 } });
  await expect(run).rejects.toThrow('jump.mp4 was lost');
  expect(retried).toEqual([]);
});

test('a kind has limits of its own, in the place of the usual ones', async () => {
  const retried: number[] = [];
  const odd = pools.odd({ onRetry: (_lost, tries) => retried.push(tries) });
  const pool = decodingPool<OddTasks>(odd, { tries: 2 });
  await expect(pool.run({ task: 'abort', fileName: 'jump.mp4' })).rejects.toThrow('jump.mp4 was lost');
  expect(retried).toEqual([1]);
});

test('a machine that has no core for a file is not the file’s fault: said so, and tried again later', async () => {
  const retried: number[] = [];
  const odd = pools.odd({ limits: { silentSeconds: 1 }, onRetry: (_lost, tries) => retried.push(tries) });
  const [pid] = odd.pids() as [number];
  // It has to be up, or it would be stopped within Node's own beginnings and could not be killed in order.
  await odd.run({ task: 'pid' });
  process.kill(pid, 'SIGSTOP');
  const error = await decodingPool<OddTasks>(odd)
    .run({ task: 'spin', fileName: 'jump.mp4' })
    .catch((reason) => reason);
  expect(error).toBeInstanceOf(WorkerTooBusy);
  expect(error.message).toMatch(/machine was too busy.*jump\.mp4.*The file is not to blame\. Retry/);
  expect(isTheFiles(error.type)).toBe(false);
  expect(retried).toEqual([]);
  const later = { type: 'WorkerTooBusy', nonRetryable: false, nextRetryDelay: '1 minute' };
  expect(failureOf(error, {})).toMatchObject(later);
  expect(failureOf(error.cause, {})).toMatchObject(later);
  expect(failureOf(error, { WorkerTooBusy: 9 })).toMatchObject({ nonRetryable: true });
});

test('a file that keeps its decoder computing for nothing is to blame', async () => {
  const pool = decodingPool<OddTasks>(pools.odd({ limits: { stallSeconds: 0.3 } }));
  const error = await pool.run({ task: 'spin', fileName: 'jump.mp4' }).catch((reason) => reason);
  expect(error).toMatchObject({ type: 'DecoderCrashed', cause: { how: 'stalled', detail: 0.3 } });
  expect(error.message).toContain('jump.mp4 was lost (no sign of life in 0.3 s)');
});
