import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Context } from '@temporalio/activity';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { FinishedStory } from '../../src/activities/guard-and-complete.ts';
import { whileHeartbeating } from '../../src/activities/while-heartbeating.ts';
import { kindsAtWork } from '../../src/worker/kinds/index.ts';
import { mainActivities } from '../../src/worker/main-activities.ts';
import { openRecords } from '../../src/worker/open-records.ts';
import { openTryWorkflows, type TryWorkflows } from '../support/try-workflows.ts';
import { type System, squats, startSystem } from './support/system.ts';

/** A machine may have two cores and much to do. */
jest.setTimeout(120_000);

const quiet = { info() {}, warn() {}, error() {} };
let system: System;
let workflows: TryWorkflows;
beforeAll(async () => {
  workflows = await openTryWorkflows(join(import.meta.dirname, '../../src/workflows/index.ts'));
  system = await startSystem('guarded');
  await system.startWorker({ DOUBLETAKE_QUEUES: 'compute' });
});
afterAll(async () => {
  await system?.close();
  await workflows?.close();
});

/** A job cancelled while it is guarded; how its row and its workflow ended. */
async function cancelWhile(guarding: (guard: () => Promise<unknown>) => Promise<unknown>) {
  const { database, store, client, taskQueue } = system;
  const parts = {
    database,
    store,
    log: quiet,
    settings: {},
    secrets: { fill: async (text: string) => text, redact: String },
  };
  const own = mainActivities(kindsAtWork, openRecords(kindsAtWork, parts), parts);
  const reached = Promise.withResolvers<void>();
  const worker = await workflows.worker(taskQueue, {
    ...own,
    guardAndComplete: (job: FinishedStory) =>
      whileHeartbeating(async () => {
        await guarding(() => own.guardAndComplete(job));
        reached.resolve();
        // Rejects once the cancellation is heard of.
        await Context.current().cancelled;
      }),
  });
  return worker.runUntil(async () => {
    const { job_id, workflow_id } = await system.submit(squats, { mode: 'quick' });
    await reached.promise;
    const handle = client.workflow.getHandle(workflow_id);
    await handle.cancel();
    await handle.result().catch(() => {});
    const { typedSearchAttributes } = await handle.describe();
    const shown = (name: string) => typedSearchAttributes.get(defineSearchAttributeKey(name, 'KEYWORD'));
    const { status, stage } = await system.job(job_id);
    return { row: { status, stage }, shown: { status: shown('Status'), stage: shown('Stage') } };
  });
}

test('the answer of a guard that had completed the job is lost to a cancellation: done, for operators too', async () => {
  const { row, shown } = await cancelWhile((guard) => guard());
  expect(row).toEqual({ status: 'done', stage: 'DONE' });
  expect(shown).toEqual(row);
});

test('a guard that had not come to its end is cancelled: canceled, for operators too', async () => {
  const { row, shown } = await cancelWhile(async () => {});
  expect(row).toEqual({ status: 'canceled', stage: 'QUICK' });
  expect(shown).toEqual(row);
});
