import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from '@jest/globals';
import { gone, isAlive, oddModule, openPools } from './fixtures/odd-pool.ts';

const file = { fileName: 'jump.mp4' };
const echo = { task: 'echo', text: 'still here' } as const;
const pools = openPools();
afterEach(() => pools.closeAll());

test('cancelling kills the child at once, with the reason of whoever cancelled', async () => {
  const pool = pools.odd();
  const [pid] = pool.pids() as [number];
  const abort = new AbortController();
  const hanging = pool.run({ task: 'hang', ...file }, { signal: abort.signal, limits: { tries: 3 } });
  abort.abort(new Error('the coach changed her mind'));
  await expect(hanging).rejects.toThrow('the coach changed her mind');
  await gone(pid);
  // Its successor is there before there is a task for it.
  expect(pool.pids()).toEqual([expect.any(Number)]);
  expect(pool.pids()).not.toEqual([pid]);
  await expect(pool.run(echo)).resolves.toBe('still here');
});

test('what must not be missed is told of each time, in order, before the result', async () => {
  const told: number[] = [];
  const result = await pools.odd().run({ task: 'count', to: 1000 }, { onProgress: (n) => told.push(n) });
  expect(told).toEqual(Array.from({ length: result }, (_, n) => n + 1));
});

test('a task cancelled while it waits for a child is never begun', async () => {
  const pool = pools.odd();
  const abort = new AbortController();
  const first = new AbortController();
  const hanging = pool.run({ task: 'hang', ...file }, { signal: first.signal });
  const waiting = pool.run(echo, { signal: abort.signal });
  abort.abort(new Error('no longer wanted'));
  await expect(waiting).rejects.toThrow('no longer wanted');
  first.abort(new Error('enough'));
  await expect(hanging).rejects.toThrow('enough');
});

test('a child gets its modules ready at its start, each with its argument', async () => {
  const pool = pools.odd({ modules: [{ module: oddModule, prepare: { pose: 'here' } }] });
  expect(await pool.run({ task: 'prepared' })).toEqual({ pose: 'here' });
});

test('what a module cannot get ready ends no process', async () => {
  const pool = pools.odd({ modules: [{ module: oddModule, prepare: 'the impossible' }] });
  const [pid] = pool.pids();
  expect(await pool.run({ task: 'prepared' })).toBe('not yet');
  expect(pool.pids()).toEqual([pid]);
});

test('an unforeseen error names the task and the file, and its process goes on', async () => {
  const pool = pools.odd();
  const [pid] = pool.pids() as [number];
  await expect(pool.run({ task: 'fail', ...file })).rejects.toThrow(
    'The task "fail" on jump.mp4 failed: the twelfth of eleven',
  );
  await expect(pool.run({ task: 'fail' })).rejects.toThrow('The task "fail" failed: the twelfth of eleven');
  await expect(pool.run(echo)).resolves.toBe('still here');
  expect(pool.pids()).toEqual([pid]);
});

test('a task that cannot be sent is an error, and its process goes on', async () => {
  const pool = pools.odd();
  const [pid] = pool.pids();
  const task = { ...echo, text: (() => {}) as never };
  await expect(pool.run(task)).rejects.toThrow('could not be cloned');
  await expect(pool.run(echo)).resolves.toBe('still here');
  expect(pool.pids()).toEqual([pid]);
});

test('processes are kept for the next task, and replaced after as many as told', async () => {
  const pool = pools.odd({ maxTasksPerChild: 2 });
  const [first] = pool.pids();
  await pool.run(echo);
  expect(pool.pids()).toEqual([first]);
  await pool.run(echo);
  await pool.run(echo);
  expect(pool.pids()).not.toContain(first);
});

test('a child that keeps much memory after a task is replaced, another is not', async () => {
  const pool = pools.odd({ retireAboveMb: 300 });
  const modest = await pool.run({ task: 'keep', mb: 1 });
  const greedy = await pool.run({ task: 'keep', mb: 400 });
  expect(greedy).toBe(modest);
  await gone(greedy);
  expect(await pool.run({ task: 'pid' })).not.toBe(greedy);
});

test('secrets of the service do not reach the process that opens strangers’ files', async () => {
  process.env.AWS_SECRET_ACCESS_KEY = 'secret';
  process.env.DATABASE_URL = 'postgres://user:secret@localhost/db';
  const environment = await pools.odd().run({ task: 'environment' });
  expect(JSON.stringify(environment)).not.toContain('secret');
});

test('closing ends every process and rejects what was under way or waiting', async () => {
  const pool = pools.odd({ size: 2, limits: { tries: 3 } });
  const pids = pool.pids();
  const tasks = [1, 2, 3].map(() => pool.run({ task: 'hang', ...file }));
  const ends = Promise.all(tasks.map((task) => task.catch(({ message }) => message)));
  await pool.close();
  const closed = 'The pool of child processes is closed.';
  expect(await ends).toEqual([closed, closed, closed]);
  await expect(pool.run(echo)).rejects.toThrow(closed);
  expect(pids.filter(isAlive)).toEqual([]);
});

test('when the service is killed, its children end too', async () => {
  const script = fileURLToPath(new URL('./fixtures/parent.ts', import.meta.url));
  const parent = spawn(process.execPath, ['--no-warnings', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(parent.stdout, 'data');
  const pids: number[] = JSON.parse(String(line));
  expect(pids.filter(isAlive)).toHaveLength(2);
  parent.kill('SIGKILL');
  await Promise.all(pids.map(gone));
});
