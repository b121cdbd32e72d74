import { Client, Connection } from '@temporalio/client';
import { openDatabase } from '../src/database/database.ts';
import { createKnownSecrets } from '../src/domain/known-secrets.ts';
import { databaseKinds } from '../src/kinds/for-database.ts';
import { openStore } from '../src/storage/open-store.ts';
import { kindsAtWork } from '../src/worker/kinds/index.ts';
import { openRecords } from '../src/worker/open-records.ts';
import { openSecrets } from '../src/worker/open-secrets.ts';
import { incomplete, otherAnswers } from './invariants/artifacts.ts';
import { objectsLeft } from './invariants/objects.ts';
import { brokenHistories, doubled, endedOtherwise, lost, readJobs } from './invariants/rows.ts';
import { strayWorkflows, stuck } from './invariants/workflows.ts';
import type { Request } from './users.ts';

/** One promise of the service, and where it was broken. */
export interface Invariant {
  name: string;
  /** A line for each case; none is what we want. */
  broken: string[];
}

/** A worker that was killed after it wrote a job's end is missed by Temporal for as long as its activity may be silent. */
const patienceMs = 180_000;

const log = { info() {}, warn() {}, error() {} };

/**
 * Compares what was sent with what is in the database, in S3 and in Temporal. All parts must run, and nothing may be
 * killed meanwhile. Objects that no row claims are swept, as after a day. S3's address and keys are those of this process's
 * own environment, where the AWS SDK looks for them.
 */
export async function checkInvariants(
  environment: Readonly<Record<string, string>>,
  apiUrl: string,
  requests: readonly Request[],
): Promise<Invariant[]> {
  const { DOUBLETAKE_BUCKET: bucket = '', DOUBLETAKE_TASK_QUEUE: taskQueue = 'doubletake' } = environment;
  const store = openStore({ bucket, forcePathStyle: true });
  const database = await openDatabase(environment.DATABASE_URL as string, { kinds: databaseKinds });
  const connection = await Connection.connect({ address: environment.TEMPORAL_ADDRESS });
  const client = new Client({ connection });
  const secrets = openSecrets(undefined, { known: createKnownSecrets(), log });
  const recordsOf = openRecords(kindsAtWork, { database, store, log, settings: {}, secrets });
  try {
    const givenUpAt = Date.now() + patienceMs;
    const jobs = await readJobs(database);
    const byKey = new Map(requests.map((request) => [request.idempotencyKey, request]));
    const asked = jobs.map((job) => ({ job, request: byKey.get(job.idempotency_key ?? '') }));
    // First what waits for workflows: afterwards nothing is written any more.
    const notEnded = await stuck(jobs, client, givenUpAt);
    const strays = await strayWorkflows(jobs, { client, taskQueue, kinds: database.kinds });
    const left = await objectsLeft({ database, store, client, taskQueue, recordsOf, log });
    return [
      { name: 'lost', broken: lost(requests, jobs) },
      {
        name: 'doubled',
        broken: [...(await doubled(database, asked)), ...(await brokenHistories(database))],
      },
      { name: 'stuck', broken: notEnded },
      {
        name: 'done without its artifacts',
        broken: await incomplete(asked, { database, store, recordsOf, apiUrl }),
      },
      { name: 'ended otherwise than its input does', broken: endedOtherwise(asked) },
      { name: 'another answer to the same input', broken: await otherAnswers(asked, { database, store }) },
      { name: 'left behind', broken: [...strays, ...left] },
    ];
  } finally {
    await connection.close();
    await database.close();
  }
}
