import { expect, test } from '@jest/globals';
import { createJobChanges } from '../../../src/api/progress/job-changes.ts';
import { progressEvents } from '../../../src/api/progress/progress-events.ts';
import type { JobView } from '../../../src/api/schemas/job.ts';

function jobAt(phase: JobView['phase'], progress_pct: number): JobView {
  return { id: 'j', phase, progress_pct, attempt: 1, updated_at: '2026-01-01T00:00:00.000Z' } as JobView;
}

function follow(
  read: () => Promise<JobView | null>,
  keepAliveMs = 60_000,
  refusal: () => Promise<object | null> = async () => null,
) {
  const changes = createJobChanges();
  const stop = new AbortController();
  const events = progressEvents({ read, refusal, changes, jobId: 'j', signal: stop.signal, keepAliveMs });
  return { changes, stop, events, next: async () => (await events.next()).value };
}

test('a job is told at once, at each change, and once more at its end', async () => {
  let now = jobAt('queued', 0);
  const { changes, events, next } = follow(async () => now);
  expect(await next()).toMatch(/^retry: \d+\n\n$/);
  expect(await next()).toContain('"progress_pct":0');
  const waiting = next();
  now = jobAt('running', 40);
  changes.changed('j');
  expect(await waiting).toMatch(/^event: progress\nid: 1\.\d+\ndata: .*"progress_pct":40.*\n\n$/);
  const ending = next();
  now = jobAt('succeeded', 100);
  changes.changed('j');
  expect(await ending).toContain('event: progress');
  expect(await next()).toMatch(/^event: end\nid: end\.1\n/);
  expect(await events.next()).toEqual({ done: true, value: undefined });
});

test('another job’s changes are not told, and silence is kept alive', async () => {
  const { changes, next } = follow(async () => jobAt('running', 1), 20);
  await next();
  await next();
  const quiet = next();
  changes.changed('someone else');
  expect(await quiet).toBe(': keep-alive\n\n');
});

test('a database that is away is a pause, not an end', async () => {
  let away = true;
  const { changes, next } = follow(async () => {
    if (away) throw new Error('ECONNREFUSED');
    return jobAt('running', 7);
  });
  await next();
  const later = next();
  away = false;
  changes.allChanged();
  expect(await later).toContain('"progress_pct":7');
});

test('a deleted job ends its stream', async () => {
  const { next, events } = follow(async () => null);
  await next();
  expect(await next()).toContain('"deleted":true');
  expect((await events.next()).done).toBe(true);
});

test('a client that may no longer read is told why in place of the next event or comment, and no more', async () => {
  let refused: object | null = null;
  const { next, events } = follow(
    async () => jobAt('running', 1),
    20,
    async () => refused,
  );
  await next();
  expect(await next()).toContain('event: progress');
  refused = { status: 401, detail: 'revoked' };
  let last = await next();
  // It may have been on its way already.
  if (last === ': keep-alive\n\n') last = await next();
  expect(last).toBe('event: problem\ndata: {"status":401,"detail":"revoked"}\n\n');
  expect((await events.next()).done).toBe(true);
});

test('a client that leaves leaves nothing behind', async () => {
  const { stop, events, next } = follow(async () => jobAt('running', 1));
  await next();
  await next();
  const waiting = events.next();
  stop.abort();
  expect((await waiting).done).toBe(true);
});
