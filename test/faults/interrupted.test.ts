import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openStore } from '../../src/storage/open-store.ts';
import { smallSample } from '../support/media/shipped.ts';
import { type ServiceOnOwnServers, startServiceOnOwnServers, withS3 } from '../support/running-service.ts';
import { answerOf, long, longClip } from './long-clip.ts';

let service: ServiceOnOwnServers;
let clip: ReturnType<typeof longClip>;
let undisturbed: Record<string, string>;

beforeAll(async () => {
  clip = longClip();
  service = await startServiceOnOwnServers();
  const { id } = await service.upload(clip.path);
  expect(await service.ended(id)).toMatchObject({ status: 'done' });
  undisturbed = await answerOf(service, id);
}, 600_000);
afterAll(async () => {
  await service?.stop();
  clip?.remove();
});

const minutes = (n: number) => (long ? 4 : 1) * n * 60_000;

/** Checkpoints of the deep pass and when each was written. */
async function checkpoints(id: string): Promise<Map<string, number>> {
  const { environment } = service;
  return withS3(environment, async () => {
    const store = openStore({ bucket: environment.DOUBLETAKE_BUCKET as string, forcePathStyle: true });
    const found = new Map<string, number>();
    for await (const { key, last_modified } of store.list(`jobs/${id}/deep/segment-`)) {
      found.set(key, last_modified.getTime());
    }
    return found;
  });
}

/** A job in its deep pass with at least one segment done and at least one to do. */
async function inTheMiddle(): Promise<string> {
  const { id } = await service.upload(clip.path);
  for (;;) {
    const { phase } = await service.job(id);
    if (phase !== 'queued' && phase !== 'running')
      throw new Error(`ended before it could be disturbed: ${phase}`);
    if ((await checkpoints(id)).size > 0) return id;
    await sleep(50);
  }
}

async function expectTheSameAnswer(id: string): Promise<void> {
  expect(await service.ended(id)).toMatchObject({ status: 'done', error_message: null });
  expect(await answerOf(service, id)).toEqual(undisturbed);
}

test(
  'worker killed in the deep pass: goes on, looks at no finished segment again, same answer',
  async () => {
    const id = await inTheMiddle();
    await service.worker.kill();
    const before = await checkpoints(id);
    await service.worker.start();
    await expectTheSameAnswer(id);
    const after = await checkpoints(id);
    expect(after.size).toBeGreaterThan(before.size);
    for (const [key, at] of before) expect([key, after.get(key)]).toEqual([key, at]);
  },
  minutes(5),
);

test(
  'worker stopped gracefully in the middle: another takes over, same answer',
  async () => {
    const id = await inTheMiddle();
    const other = service.addWorker();
    await Promise.all([other.start(), service.worker.stop()]);
    await expectTheSameAnswer(id);
    await service.worker.start();
    await other.stop();
  },
  minutes(5),
);

test(
  'a decoder killed in the middle: the worker lives, the segment is looked at again, same answer',
  async () => {
    const id = await inTheMiddle();
    const { pid } = service.worker.process;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
    expect(children.length).toBeGreaterThan(0);
    for (const child of children) process.kill(child, 'SIGKILL');
    await expectTheSameAnswer(id);
    expect(service.worker.process.pid).toBe(pid);
    expect(service.worker.process.isRunning()).toBe(true);
  },
  minutes(5),
);

for (const name of ['postgres', 's3', 'temporal'] as const) {
  test(
    `${name} killed in the middle and started again: the job only waits, same answer`,
    async () => {
      const id = await inTheMiddle();
      await service.servers[name].kill();
      await sleep(3000);
      await service.servers[name].start();
      await expectTheSameAnswer(id);
    },
    minutes(5),
  );
}

test(
  'Temporal away: jobs are accepted and start when it is back',
  async () => {
    await service.servers.temporal.kill();
    const { id } = await service.upload(smallSample('squats.mp4'), { options: { mode: 'quick' } });
    await sleep(1500);
    expect(await service.job(id)).toMatchObject({ status: 'queued' });
    await service.servers.temporal.start();
    expect(await service.ended(id)).toMatchObject({ status: 'done' });
  },
  minutes(3),
);
