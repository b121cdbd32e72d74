import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { temporal } from '@temporalio/proto';
import { maintenanceNeeds } from '../../../src/activities/maintenance/maintenance-needs.ts';
import { makeResumeDeletions } from '../../../src/activities/maintenance/resume-deletions.ts';
import { finishDeletion } from '../../../src/database/deletions/finish-deletion.ts';
import { markDeletionDispatched } from '../../../src/database/deletions/mark-deletion-dispatched.ts';
import { requestDeletion } from '../../../src/database/deletions/request-deletion.ts';
import { acceptJob } from '../../../src/database/jobs/accept-job.ts';
import { Conflict } from '../../../src/domain/errors.ts';
import { deletionWorkflowId } from '../../../src/domain/workflow-input.ts';
import { request } from '../../database/jobs.ts';
import { answerWorkflowTask, openRooms, type Rooms, recordsOf } from './rooms.ts';

const { CommandType } = temporal.api.enums.v1;
let rooms: Rooms;
beforeAll(async () => {
  rooms = await openRooms('resume');
});
afterAll(() => rooms?.close());

/** Handed to Temporal so long ago, which knows nothing of it (any more). */
async function lost({ seconds = 3600 } = {}): Promise<string> {
  const { database } = rooms;
  const { job } = await acceptJob(database, request());
  const wish = { target: 'job' as const, id: job.job_id, by: 'coach-7', cancel: true };
  const { id } = await requestDeletion(database, wish);
  await markDeletionDispatched(database, id);
  const age = 'UPDATE deletions SET dispatched_at = now() - make_interval(secs => ?) WHERE id = ?';
  await database.em().execute(age, [seconds, id]);
  return id;
}

const resumed = () => rooms.run(rooms.activities.resumeDeletions);

test('what is unfinished and at work nowhere is started, once; what is done or young is left alone', async () => {
  const ids = [await lost(), await lost()];
  const [done] = [await lost(), await lost({ seconds: 1 })];
  await finishDeletion(rooms.database, done);
  expect((await resumed()).sort()).toEqual(ids.sort());
  expect(await resumed()).toEqual([]);
  for (const id of ids) {
    const handle = rooms.client.workflow.getHandle(deletionWorkflowId(id));
    expect((await handle.describe()).status.name).toBe('RUNNING');
    await handle.terminate();
  }
  expect((await resumed()).sort()).toEqual(ids.sort());
  for (const id of ids) await finishDeletion(rooms.database, id);
});

test('one that cannot be looked up keeps none of the others from going on', async () => {
  const ids = [await lost(), await lost()].sort() as [string, string];
  const needs = maintenanceNeeds({ ...rooms, recordsOf, log: { info() {}, warn() {}, error() {} } });
  const resume = makeResumeDeletions({
    ...needs,
    async findDeletion(id) {
      if (id === ids[0]) throw new Conflict('It cannot be read.');
      return needs.findDeletion(id);
    },
  });
  await expect(rooms.run(resume)).rejects.toThrow('It cannot be read.');
  const handle = rooms.client.workflow.getHandle(deletionWorkflowId(ids[1]));
  expect((await handle.describe()).status.name).toBe('RUNNING');
  await handle.terminate();
  for (const id of ids) await finishDeletion(rooms.database, id);
});

test('one that failed rests a while before it is tried again', async () => {
  const { client } = rooms;
  const id = await lost();
  expect(await resumed()).toEqual([id]);
  const handle = client.workflow.getHandle(deletionWorkflowId(id));
  while ((await handle.describe()).status.name === 'RUNNING')
    await answerWorkflowTask(rooms, [
      {
        commandType: CommandType.COMMAND_TYPE_FAIL_WORKFLOW_EXECUTION,
        failWorkflowExecutionCommandAttributes: {
          failure: { message: 'S3 refused', applicationFailureInfo: {} },
        },
      },
    ]);
  expect(await resumed()).toEqual([]);
});
