import type { EntityManager } from '@mikro-orm/postgresql';
import { Conflict } from '../../domain/errors.ts';
import { type Job, queuedStage } from '../../domain/job.ts';
import { type AnyKind, initialStatus, retryableFrom } from '../../domain/kind.ts';
import type { Database } from '../database.ts';
import { inTransaction } from '../transaction.ts';
import { readJob } from './job-row.ts';
import { recordTransition } from './record-transition.ts';

/**
 * Back to the start as the next attempt, into the outbox. What earlier attempts stored stays, and the
 * workflow goes on from the last pass that finished.
 * @throws NotFound; Conflict when the job is at work or succeeded
 */
export async function retryJob(database: Database, jobId: string, { by }: { by: string }): Promise<Job> {
  return inTransaction(database, 'the retry', async (tx) => {
    const job = await readJob(tx, jobId, { lock: true });
    const definition = database.kinds.named(job.kind);
    const retryable = retryableFrom(definition);
    if (!retryable.includes(job.status)) {
      throw new Conflict(
        `Job ${jobId} is ${job.status}; only one that is ${retryable.join(' or ')} can be retried.`,
      );
    }
    await restart(tx, definition, job, { by });
    return readJob(tx, jobId);
  });
}

/** The next attempt of a job whose row the caller has locked. */
export async function restart(
  tx: EntityManager,
  definition: AnyKind,
  job: Job,
  { by }: { by: string },
): Promise<void> {
  const to = initialStatus(definition);
  await tx.execute(
    `UPDATE analysis_jobs SET status = ?, phase = 'queued', stage = ?, attempt = attempt + 1, progress_pct = 0,
       result = NULL, error_message = NULL, error_type = NULL, preceded_by = NULL, dispatched_at = NULL,
       cancel_requested_at = NULL, cancel_requested_by = NULL, cancel_delivered_at = NULL, started_at = NULL,
       completed_at = NULL
     WHERE job_id = ?`,
    [to, queuedStage, job.job_id],
    'run',
  );
  const why = `Retried by ${by} (attempt ${job.attempt + 1})`;
  await recordTransition(tx, job.job_id, { from: job.status, to, stage: queuedStage, why });
}
