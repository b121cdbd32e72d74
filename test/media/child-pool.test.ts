import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from '@jest/globals';
import { DecoderCrashed } from '../../src/domain/errors.ts';
import type { VisionTasks } from '../../src/kinds/child-tasks.ts';
import { type ChildPool, type ChildPoolOptions, openChildPool } from '../../src/media/child-pool.ts';
import { samplePath, shippedModels } from '../support/media/shipped.ts';
import { usualLimits } from '../support/media/usual-limits.ts';

interface File {
  path: string;
  fileName: string;
}
interface OddTasks {
  hang: { task: File & { task: 'hang' }; result: never; progress: never };
  echo: { task: File & { task: 'echo'; text: string }; result: string; progress: never };
  environment: { task: File & { task: 'environment' }; result: Record<string, string>; progress: never };
  args: { task: File & { task: 'args' }; result: string[]; progress: never };
  grow: { task: File & { task: 'grow' }; result: never; progress: never };
  abort: { task: File & { task: 'abort' }; result: never; progress: never };
  fail: { task: File & { task: 'fail' }; result: never; progress: never };
}

const file = { path: '/nowhere', fileName: 'jump.mp4' };
const echo = { task: 'echo', text: 'still here', ...file } as const;
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const pool of open.splice(0)) await pool.close();
});

function oddPool(options: Partial<ChildPoolOptions> = {}): ChildPool<OddTasks> {
  const entry = new URL('./fixtures/odd-child.ts', import.meta.url);
  const pool = openChildPool<OddTasks>({ size: 1, entry, ...options });
  open.push(pool);
  return pool;
}

function visionPool(size: number): ChildPool<VisionTasks> {
  const pool = openChildPool<VisionTasks>({ size });
  open.push(pool);
  return pool;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
}

test('a decoder killed in the middle fails that file by name, and the next file is looked at', async () => {
  const pool = visionPool(1);
  const [pid] = pool.pids() as [number];
  const span = { kind: 'segment', start_s: 0, end_s: 3600 } as const;
  const looking = pool.run(
    {
      task: 'look',
      path: samplePath('walk-and-jump.mp4'),
      fileName: 'jump.mp4',
      limits: usualLimits,
      span,
      models: shippedModels,
    },
    { onProgress: () => process.kill(pid, 'SIGKILL') },
  );
  await expect(looking).rejects.toThrow(DecoderCrashed);
  await expect(looking).rejects.toThrow(/looking at jump\.mp4 was lost \(killed by SIGKILL\)/);
  const index = pool.run({
    task: 'index',
    path: samplePath('squats.mp4'),
    fileName: 'squats.mp4',
    limits: usualLimits,
  });
  await expect(index).resolves.toMatchObject({ frame_count: 65 });
  expect(pool.pids()).not.toContain(pid);
});

test('what a dying decoder said last is in the error', async () => {
  const aborting = oddPool().run({ task: 'abort', ...file });
  await expect(aborting).rejects.toThrow(/killed by SIGABRT.*it said: .*heap corruption of the decoder/);
});

test('cancelling kills the decoder at once, with the reason of whoever cancelled', async () => {
  const pool = oddPool();
  const [pid] = pool.pids() as [number];
  const abort = new AbortController();
  const hanging = pool.run({ task: 'hang', ...file }, { signal: abort.signal });
  abort.abort(new Error('the coach changed her mind'));
  await expect(hanging).rejects.toThrow('the coach changed her mind');
  await gone(pid);
  // Its successor is there before there is a task for it.
  expect(pool.pids()).toEqual([expect.any(Number)]);
  expect(pool.pids()).not.toEqual([pid]);
  await expect(pool.run(echo)).resolves.toBe('still here');
});

test('a decoder is told at its start what to get ready', async () => {
  const pool = oddPool({ args: ['{"pose":"here"}'] });
  expect(await pool.run({ task: 'args', ...file })).toEqual(['{"pose":"here"}']);
});

test('a task cancelled while it waits for a decoder is never begun', async () => {
  const pool = oddPool();
  const abort = new AbortController();
  const first = new AbortController();
  const hanging = pool.run({ task: 'hang', ...file }, { signal: first.signal });
  const waiting = pool.run(echo, { signal: abort.signal });
  abort.abort(new Error('no longer wanted'));
  await expect(waiting).rejects.toThrow('no longer wanted');
  first.abort(new Error('enough'));
  await expect(hanging).rejects.toThrow('enough');
});

test('a decoder that shows no progress is taken for hung', async () => {
  const hanging = oddPool({ stallSeconds: 1 }).run({ task: 'hang', ...file });
  await expect(hanging).rejects.toThrow(/jump\.mp4 was lost \(no sign of life for 1 s\)/);
});

test('a decoder that takes too much memory is stopped', async () => {
  const growing = oddPool({ memoryLimitMb: 300 }).run({ task: 'grow', ...file });
  await expect(growing).rejects.toThrow(/jump\.mp4 was lost \(more than 300 MiB of memory\)/);
});

test('an unforeseen error names the file, and its process goes on', async () => {
  const pool = oddPool();
  const [pid] = pool.pids() as [number];
  await expect(pool.run({ task: 'fail', ...file })).rejects.toThrow(
    'Looking at jump.mp4 failed: the twelfth of eleven',
  );
  await expect(pool.run(echo)).resolves.toBe('still here');
  expect(pool.pids()).toEqual([pid]);
});

test('processes are kept for the next task, and replaced after as many as told', async () => {
  const pool = oddPool({ maxTasksPerChild: 2 });
  const [first] = pool.pids();
  await pool.run(echo);
  expect(pool.pids()).toEqual([first]);
  await pool.run(echo);
  await pool.run(echo);
  expect(pool.pids()).not.toContain(first);
});

test('secrets of the service do not reach the process that opens strangers’ files', async () => {
  process.env.AWS_SECRET_ACCESS_KEY = 'secret';
  process.env.DATABASE_URL = 'postgres://user:secret@localhost/db';
  const environment = await oddPool().run({ task: 'environment', ...file });
  expect(JSON.stringify(environment)).not.toContain('secret');
});

test('closing ends every process and rejects what was under way or waiting', async () => {
  const pool = oddPool({ size: 2 });
  const pids = pool.pids();
  const tasks = [1, 2, 3].map(() => pool.run({ task: 'hang', ...file }));
  const ends = Promise.allSettled(tasks);
  await pool.close();
  expect((await ends).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(pids.filter(isAlive)).toEqual([]);
});

test('when the service is killed, its decoders end too', async () => {
  const script = fileURLToPath(new URL('./fixtures/parent.ts', import.meta.url));
  const parent = spawn(process.execPath, ['--no-warnings', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(parent.stdout, 'data');
  const pids: number[] = JSON.parse(String(line));
  expect(pids.filter(isAlive)).toHaveLength(2);
  parent.kill('SIGKILL');
  await Promise.all(pids.map(gone));
});
