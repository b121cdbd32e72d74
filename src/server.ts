import { readFileSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import { Registry } from 'prom-client';
import { buildApi } from './api/build-api.ts';
import { openLog } from './api/log.ts';
import { createJobChanges } from './api/progress/job-changes.ts';
import { serviceMetrics } from './api/service-metrics.ts';
import { openDatabase } from './database/database.ts';
import { countOpenJobs } from './database/jobs/count-open-jobs.ts';
import { listenForJobChanges } from './database/jobs/listen-for-job-changes.ts';
import { measureOutbox } from './database/measure-outbox.ts';
import { kindRegistry } from './domain/kind-registry.ts';
import { kinds } from './domain/kinds/index.ts';
import { createKnownSecrets } from './domain/known-secrets.ts';
import { credentialsIn } from './domain/own-credentials.ts';
import { kindApis } from './kinds/for-api.ts';
import { databaseKinds } from './kinds/for-database.ts';
import { databaseOutbox } from './relay/database-outbox.ts';
import { deliverAssist, tellAssignee } from './relay/deliver-assist.ts';
import { openRelay } from './relay/relay.ts';
import { openStore } from './storage/open-store.ts';
import { usableConfig } from './usable-config.ts';

/** The API process: HTTP, and the relay that tells Temporal what was accepted. */

/** Longest a request may go on after SIGTERM, ms. */
const graceMs = 25_000;

const config = usableConfig(kinds);
const log = openLog(config.logLevel, undefined, createKnownSecrets(credentialsIn(process.env)).redact);
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

const database = await openDatabase(config.database.url, {
  poolMax: config.database.poolMax,
  applicationName: 'doubletake-api',
  kinds: databaseKinds,
});
const store = openStore(config.s3);
// Lazy: the API accepts jobs whether or not Temporal is there.
const connection = Connection.lazy(config.temporal.connection);
const client = new Client({ connection, namespace: config.temporal.namespace });

const changes = createJobChanges();
const listener = await listenForJobChanges(config.database.url, changes.changed, {
  onReconnect: changes.allChanged,
});

const registry = new Registry();
const outbox = databaseOutbox(database);
const told = serviceMetrics(registry, {
  openJobs: () => countOpenJobs(database),
  outbox: () => measureOutbox(database),
  relayAway: () => relay.away,
});
const relay = openRelay({
  outbox,
  client,
  taskQueue: config.queues.main,
  log: log.child({ part: 'relay' }),
  onTold: (what) => told.inc({ what }),
});
changes.onAny(relay.wake);

const stopping = new AbortController();
const api = await buildApi({
  version,
  log,
  database,
  acceptedKinds: kindRegistry(kinds.all.filter(({ kind }) => config.kinds.includes(kind))),
  kindApis,
  settings: config.ofKinds,
  store,
  s3: config.s3,
  changes,
  auth: config.auth,
  host: config.http.host,
  limits: config.limits,
  webhooks: {
    hasSecret: config.webhook.secret !== undefined,
    allowPrivate: config.webhook.allowPrivate,
  },
  assist: {
    deliver: (job, update, question) => deliverAssist(client, job, update, question),
    assigned: (job, assignee) => tellAssignee(client, job, assignee),
  },
  temporal: {
    namespace: config.temporal.namespace,
    uiUrl: config.temporal.uiUrl,
    ping: async () => {
      await client.withDeadline(Date.now() + 2000, () =>
        client.workflowService.describeNamespace({ namespace: config.temporal.namespace }),
      );
    },
  },
  registry,
  stopping: stopping.signal,
});

async function stop(signal: string): Promise<void> {
  if (stopping.signal.aborted) return;
  log.info({ signal }, 'stopping: no new requests, what is at work may finish');
  stopping.abort();
  const cut = setTimeout(() => api.server.closeAllConnections(), graceMs).unref();
  await Promise.all([api.close(), relay.close()]);
  clearTimeout(cut);
  await listener.close();
  await Promise.all([database.close(), connection.close()]);
  log.info({}, 'stopped');
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(signal));

await api.listen({ host: config.http.host, port: config.http.port });
