import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { findJob } from '../../src/database/jobs/find-job.ts';
import { undispatchedWebhooks } from '../../src/database/webhooks/undispatched-webhooks.ts';
import { startOwnServers, type ThrowawayServers } from '../support/servers.ts';
import { openRelayRooms, type RelayRooms, until } from './relay-rooms.ts';

let servers: ThrowawayServers;
let rooms: RelayRooms;
beforeAll(async () => {
  servers = await startOwnServers();
  rooms = await openRelayRooms(servers.temporal.address());
});
afterEach(() => rooms.closeRelays());
afterAll(async () => {
  await rooms?.close();
  await servers?.stop();
});

test('jobs accepted while Temporal is down start when it is back, and the outage is told once', async () => {
  const one = rooms.relay();
  await servers.temporal.stop();
  const jobs = [await rooms.accepted(), await rooms.accepted(), await rooms.accepted()];
  await until(async () => one.away);
  const told = await rooms.canceledAndTold();
  await sleep(3000);
  expect(await undispatchedWebhooks(rooms.database, 10)).toHaveLength(1);
  for (const { job_id } of jobs) expect((await findJob(rooms.database, job_id))?.dispatched_at).toBeNull();
  await servers.temporal.start();
  for (const job of jobs) await rooms.dispatched(job);
  await rooms.webhooksTold();
  expect(await rooms.runsOf({ workflow_id: told })).toHaveLength(1);
  await until(async () => !one.away);
  expect(one.said.filter((line) => line.includes('is away'))).toHaveLength(1);
  expect(one.said.filter((line) => line.includes('answer again'))).toHaveLength(1);
  for (const job of jobs) expect(await rooms.runsOf(job)).toHaveLength(1);
});
