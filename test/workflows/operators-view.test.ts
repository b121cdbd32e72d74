import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { defineSearchAttributeKey } from '@temporalio/common';
import { type System, squats, startSystem } from './support/system.ts';

/** A machine may have two cores and much to do. */
jest.setTimeout(120_000);

const scratch = mkdtempSync(join(tmpdir(), 'doubletake-test-other-machine-'));
let system: System;
beforeAll(async () => {
  system = await startSystem('operators');
  // As on two machines: neither the queue nor the local files are shared.
  await system.startWorker({ DOUBLETAKE_QUEUES: 'main' });
  await system.startWorker({ DOUBLETAKE_QUEUES: 'compute', DOUBLETAKE_SCRATCH: scratch });
});
afterAll(async () => {
  await system?.close();
  rmSync(scratch, { recursive: true, force: true });
});

test('main and compute queue served by two machines; operators see status, stage, steps and what each activity is', async () => {
  const { job_id, workflow_id, session_id } = await system.submit(squats, { mode: 'deep' });
  await system.until(job_id, ({ phase }) => phase === 'succeeded');
  const handle = system.client.workflow.getHandle(workflow_id);
  await handle.result();
  const { typedSearchAttributes } = await handle.describe();
  const shown = ['Kind', 'Status', 'Stage', 'UserId', 'SessionId'].map((name) =>
    typedSearchAttributes.get(defineSearchAttributeKey(name, 'KEYWORD')),
  );
  expect(shown).toEqual(['technique', 'done', 'DONE', 'coach-7', session_id]);

  const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  expect(currentDetails).toContain('squats.mp4: 65 frames');
  expect(currentDetails).toMatch(/✅ Quick look.*\n.*✅ Deep look: .*65 of 65 frames/);

  const { events } = await handle.fetchHistory();
  const summaries = (events ?? [])
    .filter(({ activityTaskScheduledEventAttributes }) => activityTaskScheduledEventAttributes)
    .map(({ userMetadata }) => JSON.parse(Buffer.from(userMetadata?.summary?.data ?? '""').toString()));
  expect(summaries).toContain('quick look');
  expect(summaries).toContain('segment 1 of 1: 65 frames');
  expect(summaries.filter((summary) => summary === '')).toEqual([]);
  // Claim check: keys and summaries travel, frames don't.
  const sizes = (events ?? []).map((event) => JSON.stringify(event).length);
  expect(Math.max(...sizes)).toBeLessThan(50_000);
});
