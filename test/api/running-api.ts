import { randomBytes, randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { Client, Connection } from '@temporalio/client';
import { Registry } from 'prom-client';
import type { Role } from '../../src/api/access/user.ts';
import { buildApi } from '../../src/api/build-api.ts';
import type { ApiDependencies } from '../../src/api/dependencies.ts';
import { openLog } from '../../src/api/log.ts';
import { createJobChanges } from '../../src/api/progress/job-changes.ts';
import { openDatabase } from '../../src/database/database.ts';
import { listenForJobChanges } from '../../src/database/jobs/listen-for-job-changes.ts';
import { hashApiKey } from '../../src/database/keys/api-key.ts';
import { createApiKey } from '../../src/database/keys/create-api-key.ts';
import { kindApis } from '../../src/kinds/for-api.ts';
import { databaseKinds } from '../../src/kinds/for-database.ts';
import { deliverAssist, tellAssignee } from '../../src/relay/deliver-assist.ts';
import { openStore } from '../../src/storage/open-store.ts';
import { createMigratedDatabase, createTestBucket } from '../support/servers.ts';
import { openContract } from './contract.ts';

export interface TestUser {
  id: string;
  headers: { authorization: string };
}

/** The whole API in this process, on a database and a bucket of its own. */
export async function startApi(
  changed: Partial<
    Pick<ApiDependencies, 'auth' | 'webhooks' | 'assist' | 'acceptedKinds' | 'kindApis' | 'settings'>
  > & {
    limits?: Partial<ApiDependencies['limits']>;
  } = {},
) {
  const testDatabase = await createMigratedDatabase();
  const bucket = await createTestBucket();
  const database = await openDatabase(testDatabase.url, {
    kinds: { ...databaseKinds, definitions: changed.acceptedKinds ?? databaseKinds.definitions },
    poolMax: 5,
    applicationName: 'test-api',
  });
  const store = openStore({ bucket: bucket.name, forcePathStyle: true });
  const connection = Connection.lazy({ address: process.env.TEMPORAL_ADDRESS as string });
  const client = new Client({ connection });
  const changes = createJobChanges();
  const listener = await listenForJobChanges(testDatabase.url, changes.changed, {
    onReconnect: changes.allChanged,
  });
  const stopping = new AbortController();
  let logged = '';
  const log = openLog(
    'debug',
    new Writable({
      write(line, _encoding, done) {
        logged += line;
        done();
      },
    }),
  );
  const api = await buildApi({
    version: '0.0.0-test',
    log,
    database,
    acceptedKinds: databaseKinds.definitions,
    kindApis,
    settings: {},
    store,
    s3: { bucket: bucket.name, forcePathStyle: true },
    changes,
    auth: { required: true },
    host: '127.0.0.1',
    webhooks: { hasSecret: false, allowPrivate: false },
    assist: {
      deliver: (job, update, question) => deliverAssist(client, job, update, question, 3000),
      assigned: (job, assignee) => tellAssignee(client, job, assignee),
    },
    temporal: {
      namespace: 'default',
      uiUrl: 'http://127.0.0.1:8233',
      ping: async () => {
        await client.withDeadline(Date.now() + 2000, () => connection.workflowService.getSystemInfo({}));
      },
    },
    registry: new Registry(),
    stopping: stopping.signal,
    ...changed,
    limits: { uploadBytes: 40_000_000, connections: 1000, bytesPerSecond: 1, ...changed.limits },
  });
  await api.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(api.server.address() as AddressInfo).port}`;
  const contract = await openContract(api.swagger());

  return {
    url,
    api,
    database,
    databaseUrl: testDatabase.url,
    store,
    client,
    changes,
    contract,
    logged: () => logged,
    /** Every key there is in the bucket. */
    async objects(): Promise<string[]> {
      const keys: string[] = [];
      for await (const { key } of store.list('')) keys.push(key);
      return keys;
    },
    /** A new user with an API key, or one more key of a user. */
    async user(
      role: Role = 'user',
      id = `${role}-${randomUUID().slice(0, 8)}`,
      limited_to: readonly string[] | null = null,
    ): Promise<TestUser> {
      const key = `dt_${randomBytes(24).toString('base64url')}`;
      await createApiKey(database, {
        ...{ user_id: id, role, label: 'test', key_sha256: hashApiKey(key) },
        limited_to,
      });
      return { id, headers: { authorization: `Bearer ${key}` } };
    },
    /** Asks, and checks the answer against the OpenAPI document. */
    async ask(user: TestUser | null, method: string, path: string, init: RequestInit = {}) {
      const headers = { ...user?.headers, ...(init.headers as object) };
      const response = await fetch(url + path, { redirect: 'manual', ...init, method, headers });
      const text = await response.text();
      const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
      const body = isJson && text ? JSON.parse(text) : text;
      contract.check(method, path, response, body);
      return { status: response.status, headers: response.headers, body };
    },
    async close(): Promise<void> {
      stopping.abort();
      await api.close();
      await listener.close();
      await Promise.all([database.close(), connection.close()]);
      await Promise.all([testDatabase.drop(), bucket.remove()]);
    },
  };
}

export type RunningApi = Awaited<ReturnType<typeof startApi>>;
