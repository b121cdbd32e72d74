import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { temporal } from '@temporalio/proto';
import { answerWorkflowTask, openRooms, type Rooms } from './rooms.ts';

const { CommandType } = temporal.api.enums.v1;
let rooms: Rooms;
beforeAll(async () => {
  rooms = await openRooms('end');
});
afterAll(() => rooms?.close());

async function started() {
  const { client, taskQueue } = rooms;
  const workflowId = `technique-${randomUUID()}`;
  return client.workflow.start('technique', { workflowId, taskQueue });
}

const mayStillWrite = (workflow_id: string) => rooms.run(rooms.activities.endWorkflow, { workflow_id });

test('one at work is cancelled, and what it began may still write', async () => {
  const { workflowId } = await started();
  const answer = mayStillWrite(workflowId);
  const handle = rooms.client.workflow.getHandle(workflowId);
  const cancelRequested = async () => {
    const { events } = await handle.fetchHistory();
    return events?.some((event) => event.workflowExecutionCancelRequestedEventAttributes);
  };
  while (!(await cancelRequested())) await sleep(50);
  await answerWorkflowTask(rooms, [
    {
      commandType: CommandType.COMMAND_TYPE_CANCEL_WORKFLOW_EXECUTION,
      cancelWorkflowExecutionCommandAttributes: {},
    },
  ]);
  expect(await answer).toBe(true);
});

test('one that was ended a moment ago, by an earlier try or by an operator, may still write', async () => {
  const { workflowId } = await started();
  await rooms.client.workflow.getHandle(workflowId).terminate();
  expect(await mayStillWrite(workflowId)).toBe(true);
});

test('one that completed, or that Temporal does not know, writes no more', async () => {
  const { workflowId } = await started();
  await answerWorkflowTask(rooms, [
    {
      commandType: CommandType.COMMAND_TYPE_COMPLETE_WORKFLOW_EXECUTION,
      completeWorkflowExecutionCommandAttributes: {},
    },
  ]);
  expect(await mayStillWrite(workflowId)).toBe(false);
  expect(await mayStillWrite(`technique-${randomUUID()}`)).toBe(false);
});
