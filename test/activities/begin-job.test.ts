import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeBeginJob } from '../../src/activities/begin-job.ts';
import { type Database, openDatabase } from '../../src/database/database.ts';
import { acceptJob } from '../../src/database/jobs/accept-job.ts';
import { enterStage } from '../../src/database/jobs/enter-stage.ts';
import { readAnyJob } from '../../src/database/jobs/job-row.ts';
import { lastTransitionIn } from '../../src/database/jobs/last-transition.ts';
import { transitionJob } from '../../src/database/jobs/transition-job.ts';
import { request } from '../database/jobs.ts';
import { proofKinds } from '../support/proof/definition.ts';
import { createMigratedDatabase } from '../support/servers.ts';

let database: Database;
let drop: () => Promise<void>;
beforeAll(async () => {
  const made = await createMigratedDatabase();
  drop = made.drop;
  database = await openDatabase(made.url, { kinds: { definitions: proofKinds, entities: [] } });
});
afterAll(async () => {
  await database.close();
  await drop();
});

/** A job in its second status, whose first pass is finished or is not. */
async function weighing(firstPassIsWhole: () => boolean) {
  const job = { job_id: randomUUID(), user_id: 'coach-7', kind: 'proof', options: {} };
  await acceptJob(database, request({ job }));
  const at = { job_id: job.job_id, attempt: 1 };
  await transitionJob(database, { ...at, to: 'reading', stage: 'READ', why: 'test' });
  await enterStage(database, { ...at, status: 'weighing', stage: 'WEIGH', why: 'test' });
  let whileItDecides = async () => {};
  const beginJob = makeBeginJob({
    kinds: proofKinds,
    transitionJob: (transition) => transitionJob(database, transition),
    lastTransitionOf: (id) => lastTransitionIn(database.em(), id),
    readJob: (id) => readAnyJob(database.em(), id),
    recordsOf: () => ({
      fieldsOf: async () => {
        const act = whileItDecides;
        whileItDecides = async () => {};
        await act();
        return new Set(firstPassIsWhole() ? ['read'] : []);
      },
      resultOf: async () => ({}),
      onCompleted: async () => {},
    }),
    hasObject: async () => true,
    precedingKinds: () => [],
  });
  return {
    at,
    begin: (meanwhile: () => Promise<void>) => {
      whileItDecides = meanwhile;
      return beginJob({ ...at, kind: 'proof', options: {} });
    },
    status: async () => (await readAnyJob(database.em(), job.job_id)).status,
  };
}

test('a job that its earlier run moves on while it is begun again is looked at once more, not given up', async () => {
  const { at, begin, status } = await weighing(() => false);
  const begun = await begin(async () => {
    await enterStage(database, { ...at, status: 'writing', stage: 'WRITE', why: 'the earlier run' });
  });
  expect(begun).toMatchObject({ status: 'reading', passes: ['read', 'weigh', 'write'], finished: [] });
  expect(await status()).toBe('reading');
});

test('a late call decides by what is finished now, and moves nothing back', async () => {
  let whole = false;
  const { at, begin, status } = await weighing(() => whole);
  const begun = await begin(async () => {
    // Another call was faster, the pass was taken again, and the job is where this one had found it.
    await transitionJob(database, {
      ...{ ...at, to: 'reading', stage: 'READ', why: 'the faster call' },
      after: await lastTransitionIn(database.em(), at.job_id),
    });
    await enterStage(database, { ...at, status: 'weighing', stage: 'WEIGH', why: 'the faster call' });
    whole = true;
  });
  expect(begun).toMatchObject({ status: 'weighing', finished: ['read'] });
  expect(await status()).toBe('weighing');
});
