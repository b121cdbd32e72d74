import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { openDatabase } from '../../src/database/database.ts';
import { acceptJob } from '../../src/database/jobs/accept-job.ts';
import { findJob } from '../../src/database/jobs/find-job.ts';
import { listenForJobChanges } from '../../src/database/jobs/listen-for-job-changes.ts';
import { migrateUp } from '../../src/database/migrate.ts';
import { databaseKinds } from '../../src/kinds/for-database.ts';
import { startOwnServers } from '../support/servers.ts';
import { request } from './jobs.ts';

test('PostgreSQL killed: writes fail as such, nothing accepted is lost, and all goes on when it is back', async () => {
  const servers = await startOwnServers();
  const url = servers.environment.DATABASE_URL as string;
  const database = await openDatabase(url, { kinds: databaseKinds });
  const heard: string[] = [];
  let reconnected = 0;
  const listener = await listenForJobChanges(url, (id) => heard.push(id), {
    onReconnect: () => reconnected++,
  });
  try {
    await migrateUp(database);
    const { job } = await acceptJob(database, request());
    await servers.postgres.kill();
    await expect(acceptJob(database, request())).rejects.toMatchObject({
      type: 'DatabaseWriteError',
      retryable: true,
    });
    await servers.postgres.start();
    while (reconnected === 0) await sleep(50);
    expect(await findJob(database, job.job_id)).toMatchObject({ status: 'queued' });
    const again = request();
    again.job.job_id = randomUUID();
    await acceptJob(database, again);
    while (!heard.includes(again.job.job_id)) await sleep(50);
  } finally {
    await listener.close();
    await database.close();
    await servers.stop();
  }
});
