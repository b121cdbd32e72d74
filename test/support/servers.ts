/**
 * How tests reach real servers.
 *
 * Every test file outside `test/domain` and `test/analysis` runs with one PostgreSQL, Temporal and S3 started for
 * the whole run; `process.env` has DATABASE_URL, TEMPORAL_ADDRESS, AWS_ENDPOINT_URL_S3, AWS_REGION,
 * AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and DOUBLETAKE_BUCKET, as in production.
 *
 * - A database of your own (empty; migrate it yourself):
 *     const database = await createTestDatabase();  // { url, drop() }
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
import { startThrowawayServers, type ThrowawayServers } from './throwaway-servers.ts';

export type { ThrowawayServers } from './throwaway-servers.ts';

/** An empty database on the shared server. */
export async function createTestDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const admin = process.env.DATABASE_URL as string;
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await statement(admin, `CREATE DATABASE ${name}`);
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => statement(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

async function statement(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
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
  return startThrowawayServers(mkdtempSync(join(parent, 'doubletake-test-own-')));
}
