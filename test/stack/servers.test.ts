import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Connection } from '@temporalio/client';
import pg from 'pg';
import { startOwnServers, type ThrowawayServers } from '../support/servers.ts';

let servers: ThrowawayServers;

beforeAll(async () => {
  servers = await startOwnServers();
});

afterAll(() => servers.stop());

async function query(text: string) {
  const client = new pg.Client({ connectionString: servers.postgres.url() });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

test('PostgreSQL 18 keeps its data and port over a crash', async () => {
  await query('CREATE TABLE kept AS SELECT 42 AS answer');
  const { pid } = servers.postgres.process;
  await servers.postgres.kill();
  await expect(query('SELECT 1')).rejects.toThrow(/ECONNREFUSED/);
  await servers.postgres.start();
  expect(servers.postgres.process.pid).not.toBe(pid);
  expect(await query('SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  expect((await query('SHOW server_version'))[0].server_version).toMatch(/^18\./);
});

test('PostgreSQL wants its password and listens on loopback only', async () => {
  const url = new URL(servers.postgres.url());
  url.password = 'wrong';
  const client = new pg.Client({ connectionString: url.href });
  await expect(client.connect()).rejects.toThrow(/password authentication failed/);
  expect(await query('SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
});

test('Temporal knows our search attributes, also when started again on the same data', async () => {
  await servers.temporal.kill();
  await servers.temporal.start();
  const connection = await Connection.connect({ address: servers.temporal.address() });
  try {
    const known = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
    expect(Object.keys(known.customAttributes ?? {})).toEqual(
      expect.arrayContaining(['Kind', 'Status', 'Stage', 'UserId', 'SessionId']),
    );
  } finally {
    await connection.close();
  }
});

test('S3 turns away who has no key', async () => {
  expect((await fetch(`${servers.s3.endpoint()}/doubletake`)).status).toBe(403);
});
