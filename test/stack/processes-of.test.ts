import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { readPidFile } from '../../stack/processes/pid-file.ts';
import { processesOf } from '../../stack/processes/processes-of.ts';
import { gone, openPools } from '../media/fixtures/odd-pool.ts';

const pools = openPools();
afterEach(() => pools.closeAll());

const folder = process.env.DOUBLETAKE_TEST_RUN as string;
const found = () => processesOf(folder).map(({ pid }) => pid);

test('the servers of a folder are found, and what they have started', async () => {
  const servers = Object.values(readPidFile(join(folder, 'pids.json'))).map(({ pid }) => pid);
  expect(servers).toHaveLength(3);
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  expect(found()).toEqual(expect.arrayContaining([...servers, ...rows.map(({ pid }) => pid)]));
  await client.end();
});

test('a child process of a worker is found, which has next to nothing of its environment', async () => {
  const pid = await pools.odd().run({ task: 'pid' });
  expect(found()).toContain(pid);
  expect(found()).not.toContain(process.pid);
  await pools.closeAll();
  await gone(pid);
  expect(found()).not.toContain(pid);
});

test('nothing is found for a folder that nobody uses', () => {
  expect(processesOf(join(folder, 'nobody'))).toEqual([]);
});
