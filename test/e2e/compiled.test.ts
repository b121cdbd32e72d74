import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RunningService, startService } from '../support/running-service.ts';

const run = promisify(execFile);
const root = new URL('../..', import.meta.url).pathname;

let service: RunningService;
beforeAll(async () => {
  await run('npm', ['run', 'build'], { cwd: root });
  service = await startService({ compiled: true });
}, 120_000);
afterAll(() => service?.stop());

test('what the image runs, JavaScript without its sources, prepares and does a whole job', async () => {
  const { environment, worker } = service;
  // It answers before its log is on the disk.
  while (!worker.process.output().includes('the workflow bundle is current')) await sleep(100);
  const env = { PATH: process.env.PATH, ...environment };
  await run(process.execPath, ['dist/prepare.js'], { cwd: root, env });
  const { id } = await service.upload('samples/squats.mp4');
  expect(await service.ended(id)).toMatchObject({ status: 'done', error_message: null });
  const { stdout } = await run(process.execPath, ['dist/cli.js', 'keys', 'create', '--user', 'coach-7'], {
    cwd: root,
    env,
  });
  expect(stdout.trim()).toMatch(/^dt_/);
}, 120_000);
