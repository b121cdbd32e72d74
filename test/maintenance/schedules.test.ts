import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { registerSchedules, scheduleId } from '../../src/maintenance/schedules.ts';
import { testTaskQueue } from '../support/servers.ts';

let client: Client;
beforeAll(async () => {
  client = new Client({ connection: await Connection.connect({ address: process.env.TEMPORAL_ADDRESS }) });
});

const settings = {
  more: [],
  taskQueue: testTaskQueue('schedules'),
  reconcileSeconds: 3600,
  retentionDays: { technique: 365 },
  orphanGraceHours: 24,
};
const handles = ['reconcile', 'retention', 'sweep'].map((type) => scheduleId(settings.taskQueue, type));
const described = () => Promise.all(handles.map((id) => client.schedule.getHandle(id).describe()));

afterAll(async () => {
  await Promise.all(handles.map((id) => client.schedule.getHandle(id).delete()));
  await client.connection.close();
});

test('workers that start at once make each schedule once', async () => {
  await Promise.all([1, 2, 3].map(() => registerSchedules(client, settings)));
  const made = await described();
  expect(made.map(({ action }) => action.type === 'startWorkflow' && action.workflowType)).toEqual([
    'reconcile',
    'retention',
    'sweep',
  ]);
  expect(made.map(({ policies }) => policies.overlap)).toEqual(['SKIP', 'SKIP', 'SKIP']);
});

test('a worker with another configuration brings them up to it, and a paused one stays paused', async () => {
  await client.schedule.getHandle(handles[1] as string).pause('keeping evidence');
  await registerSchedules(client, { ...settings, retentionDays: { technique: 7 } });
  const [, retention] = await described();
  expect(retention?.action).toMatchObject({ args: [{ days: { technique: 7 } }] });
  expect(retention?.state).toMatchObject({ paused: true, note: 'keeping evidence' });
});

test('the longest times that the configuration takes are intervals of Temporal', async () => {
  const longest = {
    ...settings,
    reconcileSeconds: 86_400,
    orphanGraceHours: 87_600,
    retentionDays: { technique: 36_500 },
  };
  await registerSchedules(client, longest);
  const [reconcile] = await described();
  expect(reconcile?.spec.intervals).toMatchObject([{ every: 86_400_000 }]);
});
