/**
 * How tests reach real servers.
 *
 * Every test file of the project `servers` (jest.config.mjs) runs with one PostgreSQL, Temporal and S3 started for
 * the whole run; `process.env` has DATABASE_URL, TEMPORAL_ADDRESS, AWS_ENDPOINT_URL_S3, AWS_REGION,
 * AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and DOUBLETAKE_BUCKET, as in production.
 *
 * - A migrated database of your own, copied from a template:
 *     const database = await createMigratedDatabase();  // { url, drop() }
 *   and an empty one, for tests of migrations: `createTestDatabase()`
 * - A bucket of your own: `const bucket = await createTestBucket();`  // { name, remove() }
 * - A task queue of your own: `testTaskQueue('reconcile')`, since all files share one Temporal.
 * - Servers to stop, kill and start again: never the shared ones, but
 *     const servers = await startOwnServers();   // a second or two
 *     await servers.postgres.kill(); await servers.postgres.start();  // same port, same data
 *     await servers.stop();                      // in afterAll; removes the data
 *   `servers.environment` is for `loadConfig`, for the store, and for child processes.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import pg from 'pg';
import { openDatabase } from '../../src/database/database.ts';
import { migrateUp } from '../../src/database/migrate.ts';
import { startThrowawayServers, type ThrowawayServers } from './throwaway-servers.ts';

export type { ThrowawayServers } from './throwaway-servers.ts';

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/** An empty database on the shared server, for tests that migrate it themselves. */
export function createTestDatabase(): Promise<TestDatabase> {
  return asAdmin((admin) => createDatabase(admin));
}

/** A migrated database on the shared server: a copy of one that the first caller of the run migrates. */
export function createMigratedDatabase(): Promise<TestDatabase> {
  return asAdmin(async (admin) => createDatabase(admin, await migratedTemplate(admin)));
}

async function createDatabase(admin: pg.Client, template = 'template1'): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  const drop = async () => {
    await asAdmin((later) => later.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  };
  return { url: urlOf(name), drop };
}

/** Makes the template where there is none yet; test files that ask at the same time take turns. */
async function migratedTemplate(admin: pg.Client): Promise<string> {
  const name = 'migrated_template';
  const there = () => admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if ((await there()).rowCount) return name;
  await admin.query("SELECT pg_advisory_lock(hashtext('migrated_template'))");
  if ((await there()).rowCount) return name;
  const fresh = await createDatabase(admin);
  const database = await openDatabase(fresh.url);
  await migrateUp(database);
  await database.close();
  // Named when whole; and nobody may be connected to what is copied.
  await admin.query(`ALTER DATABASE ${new URL(fresh.url).pathname.slice(1)} RENAME TO ${name}`);
  return name;
}

function urlOf(name: string): string {
  const url = new URL(process.env.DATABASE_URL as string);
  url.pathname = `/${name}`;
  return url.href;
}

/** With a connection of its own, whose locks end with it. */
async function asAdmin<T>(work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

/** An empty bucket on the shared server; `remove` deletes it with what is in it. */
export async function createTestBucket(): Promise<{ name: string; remove(): Promise<void> }> {
  const client = new S3Client({ forcePathStyle: true });
  const Bucket = `test-${randomUUID()}`;
  await client.send(new CreateBucketCommand({ Bucket }));
  const remove = async () => {
    for (;;) {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
      if (Contents.length === 0) break;
      await client.send(
        new DeleteObjectsCommand({ Bucket, Delete: { Objects: Contents.map(({ Key }) => ({ Key })) } }),
      );
    }
    await client.send(new DeleteBucketCommand({ Bucket }));
    client.destroy();
  };
  return { name: Bucket, remove };
}

/** A name no other test file uses. */
export function testTaskQueue(purpose: string): string {
  return `test-${purpose}-${randomUUID().slice(0, 8)}`;
}

/** PostgreSQL, Temporal and S3 of the test's own, to be harmed. */
export function startOwnServers(): Promise<ThrowawayServers> {
  const parent = process.env.DOUBLETAKE_TEST_RUN ?? tmpdir();
  // In a run of tests its own keys: a store reads them, as its address, from this process's environment.
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = process.env;
  const keys = accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined;
  return startThrowawayServers(mkdtempSync(join(parent, 'doubletake-test-own-')), { keys });
}
