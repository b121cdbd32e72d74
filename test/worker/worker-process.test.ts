import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type System, startSystem } from '../workflows/support/system.ts';

/** A machine may have two cores and much to do. */
jest.setTimeout(120_000);

let system: System;
beforeAll(async () => {
  system = await startSystem('worker-process');
});
afterAll(() => system?.close());

/** What the processes below this one run. */
function childrenOf(pid: number): string[] {
  const pids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return pids.map((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8'));
}

test('a worker of the main queue starts no decoders', async () => {
  const main = await system.startWorker({ DOUBLETAKE_QUEUES: 'main' });
  expect(childrenOf(main.pid)).toEqual([]);
  const vision = await system.startWorker({
    DOUBLETAKE_QUEUES: 'vision',
    DOUBLETAKE_VISION_CONCURRENCY: '1',
  });
  expect(childrenOf(vision.pid)).toEqual([expect.stringContaining('vision/child')]);
  expect([await main.stop(), await vision.stop()]).toEqual([0, 0]);
});

test('a worker told to stop while Temporal is away ends cleanly', async () => {
  const worker: ChildProcess = spawn(
    process.execPath,
    ['--no-warnings', join(import.meta.dirname, '../../src/worker.ts')],
    {
      env: { ...process.env, TEMPORAL_ADDRESS: await nobody(), DOUBLETAKE_WORKER_METRICS: 'off' },
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const exited = once(worker, 'exit');
  let said = '';
  worker.stdout?.on('data', (chunk: Buffer) => {
    const before = said.includes('Temporal is out of reach');
    said += chunk.toString();
    if (!before && said.includes('Temporal is out of reach')) worker.kill('SIGTERM');
  });
  expect(await exited).toEqual([0, null]);
  expect(said).toContain('"msg":"stopped"');
});

/** An address where nobody listens. */
async function nobody(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return `127.0.0.1:${port}`;
}
