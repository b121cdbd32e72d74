import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from '@jest/globals';
import { techniqueTasks } from '../../src/kinds/technique/child/task-module.ts';
import { openSandboxes, type SandboxedModule, type Sandboxes } from '../../src/media/sandboxes.ts';
import { samplePath } from '../support/media/shipped.ts';
import { usualLimits } from '../support/media/usual-limits.ts';
import { oddModule } from './fixtures/odd-pool.ts';

const small = { sandbox: 'small', module: oddModule } as const;
const native = /onnxruntime|node-av|libav|libsw(scale|resample)|sharp|libvips/;
let sandboxes: Sandboxes | undefined;
afterEach(() => sandboxes?.close());

function open(modules: readonly SandboxedModule[]): Sandboxes {
  sandboxes = openSandboxes({ modules, size: 1 });
  return sandboxes;
}

/** The files that a process has mapped into its memory. */
function mapped(pid: number): string[] {
  const lines = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n');
  return lines.map((line) => line.split(/\s+/).slice(5).join(' '));
}

test('neither FFmpeg nor ONNX Runtime is loaded into a small child, while a media child has both', async () => {
  const { pools, pids } = open([techniqueTasks, small]);
  const squats = { path: samplePath('squats.mp4'), fileName: 'squats.mp4' };
  await pools.media.run({ task: 'index', ...squats, limits: usualLimits });
  const pid = await pools.small.run({ task: 'pid' });
  expect(pids().small).toEqual([pid]);
  expect(mapped(pid).filter((path) => native.test(path))).toEqual([]);
  const media = mapped(pids().media[0] as number).join('\n');
  expect(media).toMatch(/onnxruntime/);
  expect(media).toMatch(/node-av/);
});

test('a sandbox does the tasks of its own modules only', async () => {
  const { pools } = open([techniqueTasks, small]);
  await expect(pools.small.run({ task: 'index' })).rejects.toThrow('no task of this sandbox has this name');
  await expect(pools.media.run({ task: 'pid' })).rejects.toThrow('no task of this sandbox has this name');
});

test('a sandbox that no kind has tasks for starts no process', () => {
  const { pids } = open([{ ...small, sandbox: 'media' }]);
  expect(pids()).toEqual({ media: [expect.any(Number)], small: [] });
});

test('a small child may take less memory than a media child', async () => {
  const { pools } = open([small, { ...small, sandbox: 'media' }]);
  const grow = { task: 'keep', mb: 700 };
  await expect(pools.media.run(grow)).resolves.toEqual(expect.any(Number));
  await expect(pools.small.run({ task: 'grow' })).rejects.toMatchObject({ how: 'memory', detail: 512 });
});

test('small children start with the first task, all of them, and stay', async () => {
  const { pools, pids } = open([small]);
  expect(pids().small).toEqual([]);
  const pid = await pools.small.run({ task: 'pid' });
  expect(pids().small).toEqual([pid]);
  expect(await pools.small.run({ task: 'pid' })).toBe(pid);
});
