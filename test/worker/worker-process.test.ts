import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
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
  const compute = await system.startWorker({
    DOUBLETAKE_QUEUES: 'compute',
    DOUBLETAKE_COMPUTE_CONCURRENCY: '1',
  });
  expect(childrenOf(compute.pid)).toEqual([expect.stringContaining('media/child/serve-modules')]);
  const { queues } = await compute.said('worker is ready');
  expect(queues).toEqual([`${system.taskQueue}-compute`, `${system.taskQueue}-vision`]);
  expect([await main.stop(), await compute.stop()]).toEqual([0, 0]);
});

test('a worker with nothing to serve says so, and ends', async () => {
  const { code, said } = await runWorker({
    ...system.environment,
    DOUBLETAKE_QUEUES: 'live',
    DOUBLETAKE_KINDS: 'scan',
  });
  expect(code).toBe(1);
  expect(said).toContain('DOUBLETAKE_QUEUES is "live", and no kind of DOUBLETAKE_KINDS');
});

test('a worker without its models says so, and ends', async () => {
  const { code, said } = await runWorker({ ...system.environment, DOUBLETAKE_MODELS: '/nowhere' });
  expect(code).toBe(1);
  expect(said).toContain('/nowhere/SHA256SUMS cannot be read (ENOENT). Restore the models folder');
  expect(said).not.toContain('IllegalState');
});

test('a worker told to stop while its parts are made ends cleanly', async () => {
  // Schedules come first, workflows are bundled next: that takes long enough to be told in the middle of it.
  const unbundled = { ...system.environment, DOUBLETAKE_WORKFLOW_BUNDLE: '/nowhere' };
  const { code, said } = await runWorker(unbundled, 'Workflow bundle created');
  expect(said).not.toContain('could not be closed in order');
  expect(said).toContain('"msg":"stopped"');
  expect(code).toBe(0);
});

test('a worker does not run workflows of other sources than its own', async () => {
  const bundle = join(system.environment.DOUBLETAKE_SCRATCH as string, 'stale.json');
  const inputs = { 'src/workflows/index.ts': 'of another version' };
  writeFileSync(bundle, JSON.stringify({ inputs, code: 'throw new Error("stale")' }));
  const worker = await system.startWorker({ DOUBLETAKE_WORKFLOW_BUNDLE: bundle });
  expect(worker.lines).toContainEqual(
    expect.objectContaining({ changed: 'src/workflows/index.ts', msg: expect.stringContaining('is stale') }),
  );
  expect(worker.lines.map(({ msg }) => msg)).toContain('Workflow bundle created');
  expect(await worker.stop()).toBe(0);
});

test('a worker told to stop while Temporal is away ends cleanly', async () => {
  const away = { ...system.environment, TEMPORAL_ADDRESS: await nobody() };
  const { code, said } = await runWorker(away, 'Temporal is out of reach');
  expect(code).toBe(0);
  expect(said).toContain('"msg":"stopped"');
});

/** Runs a worker to its end. @param stopAt what it says when it is told to stop */
async function runWorker(
  env: Record<string, string>,
  stopAt?: string,
): Promise<{ code: number; said: string }> {
  const program = join(import.meta.dirname, '../../src/worker.ts');
  const worker = spawn(process.execPath, ['--no-warnings', program], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let told = false;
  const hear = (chunk: Buffer) => {
    said += chunk.toString();
    if (told || stopAt === undefined || !said.includes(stopAt)) return;
    told = true;
    worker.kill('SIGTERM');
  };
  worker.stdout.on('data', hear);
  worker.stderr.on('data', hear);
  const [code] = await once(worker, 'close');
  return { code, said };
}

/** An address where nobody listens. */
async function nobody(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return `127.0.0.1:${port}`;
}
