import { afterEach, expect, test } from '@jest/globals';
import { ChildLost } from '../../src/domain/child-lost.ts';
import { doubleModule, gone, oddModule, openPools } from './fixtures/odd-pool.ts';

const file = { fileName: 'jump.mp4' };
const pools = openPools();
afterEach(() => pools.closeAll());

async function lossOf(run: Promise<unknown>): Promise<ChildLost> {
  const error: unknown = await run.catch((reason) => reason);
  expect(error).toBeInstanceOf(ChildLost);
  return error as ChildLost;
}

test('a child that ends by itself is lost with its exit code', async () => {
  const lost = await lossOf(pools.odd().run({ task: 'leave', code: 7 }));
  expect(lost).toMatchObject({ how: 'exit', task: 'leave', detail: 7, stderr: '' });
  expect(lost.message).toBe('The child process at the task "leave" was lost (exit code 7).');
});

test('a child that is killed is lost with the signal, and the next task finds another', async () => {
  const pool = pools.odd();
  const [pid] = pool.pids() as [number];
  const toiling = lossOf(pool.run({ task: 'toil', ...file }));
  process.kill(pid, 'SIGKILL');
  expect(await toiling).toMatchObject({ how: 'signal', task: 'toil', detail: 'SIGKILL' });
  expect(await pool.run({ task: 'pid' })).not.toBe(pid);
});

test('what a dying child said is in the error, and not in its message', async () => {
  const lost = await lossOf(pools.odd().run({ task: 'abort', ...file }));
  expect(lost).toMatchObject({
    how: 'signal',
    detail: 'SIGABRT',
    stderr: expect.stringMatching(/^heap corruption of the decoder/),
  });
  expect(lost.message).toMatch(/was lost \(killed by SIGABRT\)\.$/);
});

test('a child that computes without a sign of life is stalled, by the limit of the pool or of the run', async () => {
  const pool = pools.odd({ limits: { stallSeconds: 0.6 } });
  const spin = { task: 'spin', ...file } as const;
  const lost = await lossOf(pool.run(spin));
  expect(lost).toMatchObject({ how: 'stalled', task: 'spin', detail: 0.6 });
  expect(lost.processor?.used).toBeGreaterThanOrEqual(0.6);
  const sooner = pool.run(spin, { limits: { stallSeconds: 0.3 } });
  expect(await lossOf(sooner)).toMatchObject({ how: 'stalled', detail: 0.3 });
});

test('a child that waits for what never comes is stalled, too, however little it computes', async () => {
  const pool = pools.odd({ limits: { stallSeconds: 0.5 } });
  await pool.run({ task: 'pid' });
  const lost = await lossOf(pool.run({ task: 'hang', ...file }));
  expect(lost).toMatchObject({ how: 'stalled', task: 'hang', detail: 1.5 });
  expect(lost.processor?.used).toBeLessThan(0.5);
});

test('a child that gets no computing time is not stalled, whatever the clock says', async () => {
  const pool = pools.odd({ limits: { stallSeconds: 0.3, silentSeconds: 2 } });
  const pid = await pool.run({ task: 'pid' });
  process.kill(pid, 'SIGSTOP');
  const lost = await lossOf(pool.run({ task: 'spin', ...file }));
  expect(lost).toMatchObject({ how: 'starved', task: 'spin', detail: 2 });
  expect(lost.processor?.used).toBeLessThan(0.3);
  await gone(pid);
});

test('a child that was kept waiting goes on when it gets its time', async () => {
  const pool = pools.odd({ limits: { stallSeconds: 0.3 } });
  const pid = await pool.run({ task: 'pid' });
  process.kill(pid, 'SIGSTOP');
  const echo = pool.run({ task: 'echo', text: 'here I am' });
  // Longer by the clock than it may be silent at work.
  await new Promise((resolve) => setTimeout(resolve, 1200));
  process.kill(pid, 'SIGCONT');
  expect(await echo).toBe('here I am');
  expect(await pool.run({ task: 'pid' })).toBe(pid);
});

test('a child that was lost because the machine is busy is not tried again at once', async () => {
  const retried: string[] = [];
  const limits = { silentSeconds: 1, tries: 3 };
  const pool = pools.odd({ limits, onRetry: ({ how }) => retried.push(how) });
  process.kill(await pool.run({ task: 'pid' }), 'SIGSTOP');
  expect(await lossOf(pool.run({ task: 'hang', ...file }))).toMatchObject({ how: 'starved' });
  expect(retried).toEqual([]);
});

test('a child that works for longer than its run allows is stopped, however lively it is', async () => {
  const lost = await lossOf(pools.odd().run({ task: 'toil', ...file }, { limits: { seconds: 1 } }));
  expect(lost).toMatchObject({ how: 'time', task: 'toil', detail: 1 });
  expect(lost.message).toContain('(more than 1 s at work)');
});

test('a child that takes more memory than the pool or the run allows is stopped', async () => {
  const pool = pools.odd({ limits: { memoryMb: 400 } });
  const grow = { task: 'grow', ...file } as const;
  expect(await lossOf(pool.run(grow))).toMatchObject({ how: 'memory', task: 'grow', detail: 400 });
  const less = await lossOf(pool.run(grow, { limits: { memoryMb: 200 } }));
  expect(less).toMatchObject({ how: 'memory', detail: 200 });
  expect(less.message).toContain('(more than 200 MiB of memory)');
});

test('a child whose JavaScript heap is full is lost for memory, too', async () => {
  const lost = await lossOf(pools.odd({ heapMb: 64 }).run({ task: 'growHeap' }));
  expect(lost).toMatchObject({ how: 'memory', task: 'growHeap', detail: 64 });
});

test('two modules with a task of one name are refused by name', async () => {
  const pool = pools.odd({ modules: [{ module: oddModule }, { module: doubleModule }] });
  const lost = await lossOf(pool.run({ task: 'echo', text: 'whose?' }));
  expect(lost).toMatchObject({ how: 'exit', detail: 1 });
  expect(lost.stderr).toMatch(/odd-tasks\.ts and .*double-tasks\.ts have a task named "echo"/);
});

test('a task is tried once unless the run or the pool says otherwise', async () => {
  const retried: [string, number][] = [];
  const options = { onRetry: (lost: ChildLost, tries: number) => retried.push([lost.how, tries]) };
  const leave = { task: 'leave', code: 3 } as const;
  const once = pools.odd(options);
  await lossOf(once.run(leave));
  expect(retried).toEqual([]);
  await lossOf(once.run(leave, { limits: { tries: 3 } }));
  expect(retried).toEqual([
    ['exit', 1],
    ['exit', 2],
  ]);
  retried.length = 0;
  await lossOf(pools.odd({ ...options, limits: { tries: 2 } }).run(leave));
  expect(retried).toEqual([['exit', 1]]);
});

test('a task is done when one of its tries ends well', async () => {
  const pool = pools.odd();
  const killed: number[] = [];
  const run = pool.run(
    { task: 'pid', late: true },
    {
      limits: { tries: 3 },
      onProgress: (pid) => {
        if (killed.length < 2) process.kill(killed[killed.push(pid) - 1] as number, 'SIGKILL');
      },
    },
  );
  expect(killed).not.toContain(await run);
  expect(killed).toHaveLength(2);
});

test('what a task throws is not tried again', async () => {
  const retried: number[] = [];
  const pool = pools.odd({ onRetry: (_lost, tries) => retried.push(tries) });
  await expect(pool.run({ task: 'fail' }, { limits: { tries: 3 } })).rejects.toThrow('the twelfth');
  expect(retried).toEqual([]);
});
