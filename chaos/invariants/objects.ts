import { MockActivityEnvironment } from '@temporalio/testing';
import { maintenanceNeeds } from '../../src/activities/maintenance/maintenance-needs.ts';
import { makeSweepOrphans } from '../../src/activities/maintenance/sweep-orphans.ts';
import { jobPrefix } from '../../src/domain/artifact.ts';

type Parts = Parameters<typeof maintenanceNeeds>[0];

/** Everything counts as old. */
const noGrace = { grace_hours: -1, upload_grace_hours: -1 };

/**
 * What is written is a job's. A kill between the object and the row that claims it leaves an object without one: the sweep
 * has to find it, and to leave what is claimed and what a retry goes on from.
 */
export async function objectsLeft(parts: Parts): Promise<string[]> {
  const { database, store } = parts;
  const rows = <Row extends object>(sql: string) => database.em().execute<Row[]>(sql);
  const jobs = new Map(
    (
      await rows<{ job_id: string; kind: string; phase: string }>(
        'SELECT job_id, kind, phase FROM analysis_jobs',
      )
    ).map((job) => [job.job_id, job]),
  );
  const broken: string[] = [];
  for await (const prefix of store.listPrefixes('jobs/', '/'))
    if (!jobs.has(prefix.split('/')[1] ?? '')) broken.push(`${prefix} was written for no job`);

  await new MockActivityEnvironment().run(makeSweepOrphans(maintenanceNeeds(parts)), noGrace);

  const claimed = new Set(
    (
      await rows<{ key: string }>(
        'SELECT key FROM artifacts UNION SELECT original_key FROM sessions WHERE original_key IS NOT NULL',
      )
    ).map(({ key }) => key),
  );
  for await (const { key } of store.list('')) {
    if (claimed.delete(key)) continue;
    if (await isKept(parts, key)) continue;
    const job = jobs.get(key.split('/')[1] ?? '');
    if (job && job.phase !== 'succeeded' && resumes(parts, job, key)) continue;
    broken.push(`${key} is claimed by no row, and the sweep leaves it`);
  }
  for (const key of claimed) broken.push(`${key} is claimed by a row, and is not there`);
  return broken;
}

/** Whether a kind keeps it beyond its jobs. */
async function isKept({ database, recordsOf }: Parts, key: string): Promise<boolean> {
  const owner = database.kinds.all.find(({ lastingPrefixes = [] }) =>
    lastingPrefixes.some((prefix) => key.startsWith(prefix)),
  );
  const claimed = owner && (await recordsOf(owner.kind).whichKeysAreClaimed?.([key]));
  return claimed?.has(key) ?? false;
}

function resumes(
  { database }: Parts,
  { job_id, kind }: { job_id: string; kind: string },
  key: string,
): boolean {
  return database.kinds.named(kind).resumesFrom(key.slice(jobPrefix(job_id).length));
}
