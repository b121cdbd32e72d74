import { createHash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { StaleAttempt } from '../../domain/errors.ts';
import type { Job, PrecededBy } from '../../domain/job.ts';
import { isOpen } from '../../domain/phase.ts';
import type { Database } from '../database.ts';
import { inTransaction } from '../transaction.ts';
import { insertJob } from './insert-job.ts';
import { readAnyJob } from './job-row.ts';
import { restart } from './retry-job.ts';

/** The same for every attempt of the job, so that what was found once is not looked for again: a UUIDv8 (RFC 9562, 5.8). */
export function precedingJobId(jobId: string, kind: string): string {
  const hex = createHash('sha256').update(`${kind} before ${jobId}`).digest('hex');
  const variant = ((Number.parseInt(hex[16] as string, 16) & 0b0011) | 0b1000).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/**
 * The job of another kind, on the same session, that is to end before this one begins: made, tried again if it failed,
 * or as it is. Its workflow is started by the job that waits, not by the relay.
 * @throws StaleAttempt when the job that waits has ended, or a later attempt has it; NotFound when it is gone
 */
export async function preparePrecedingJob(
  database: Database,
  waits: { job_id: string; attempt: number },
  kind: string,
): Promise<Job> {
  const { job_id, attempt } = waits;
  const id = precedingJobId(job_id, kind);
  const definition = database.kinds.named(kind);
  return inTransaction(database, `the ${kind} before the job`, async (tx) => {
    const waiting = await lockAttempt(tx, { job_id, attempt });
    const [there] = await tx.execute('SELECT 1 FROM analysis_jobs WHERE job_id = ? FOR UPDATE', [id]);
    if (!there) {
      const { session_id, original_key, user_id } = waiting;
      const options = definition.options.parse({});
      const why = `Before ${waiting.kind} ${job_id}`;
      await insertJob(
        tx,
        database.kinds,
        { id: session_id, original_key },
        { job_id: id, user_id, kind, options, preceding_for: job_id, why },
      );
      return readAnyJob(tx, id);
    }
    const job = await readAnyJob(tx, id);
    if (isOpen(job.phase) || job.phase === 'succeeded') return job;
    await restart(tx, definition, job, { by: `${waiting.kind} ${job_id}` });
    return readAnyJob(tx, id);
  });
}

/**
 * Keeps with a job what came before its present attempt.
 * @throws StaleAttempt, NotFound
 */
export async function recordPrecededBy(
  database: Database,
  waits: { job_id: string; attempt: number },
  preceded: readonly PrecededBy[],
): Promise<void> {
  await inTransaction(database, 'what came before', async (tx) => {
    await lockAttempt(tx, waits);
    await tx.execute(
      'UPDATE analysis_jobs SET preceded_by = ?::jsonb WHERE job_id = ?',
      [JSON.stringify(preceded), waits.job_id],
      'run',
    );
  });
}

async function lockAttempt(
  tx: EntityManager,
  { job_id, attempt }: { job_id: string; attempt: number },
): Promise<Job> {
  await tx.execute('SELECT 1 FROM analysis_jobs WHERE job_id = ? FOR UPDATE', [job_id]);
  const job = await readAnyJob(tx, job_id);
  if (job.attempt === attempt && isOpen(job.phase)) return job;
  throw new StaleAttempt(
    `Job ${job_id} waits for nothing: it is ${job.status} at attempt ${job.attempt}.`,
    job,
  );
}
