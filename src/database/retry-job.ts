import { Conflict } from '../domain/errors.ts';
import type { Job } from '../domain/job.ts';
import { kindNamed } from '../domain/kinds/index.ts';
import type { Database } from './database.ts';
import { readJob } from './job-row.ts';
import { recordTransition } from './record-transition.ts';
import { inTransaction } from './transaction.ts';

/**
 * Back to the start as the next attempt, into the outbox. What earlier attempts stored stays, and the
 * workflow goes on from the last pass that finished.
 * @throws NotFound; Conflict when the job is at work or succeeded
 */
export async function retryJob(database: Database, jobId: string, { by }: { by: string }): Promise<Job> {
  return inTransaction(database, 'the retry', async (tx) => {
    const job = await readJob(tx, jobId, { lock: true });
    const { retryableFrom, initialStatus, stages } = kindNamed(job.kind);
    if (!retryableFrom.includes(job.status)) {
      throw new Conflict(
        `Job ${jobId} is ${job.status}; only one that is ${retryableFrom.join(' or ')} can be retried.`,
      );
    }
    const stage = stages[0] ?? 'QUEUED';
    await tx.execute(
      `UPDATE analysis_jobs SET status = ?, stage = ?, attempt = attempt + 1, progress_pct = 0, result = NULL,
         error_message = NULL, error_type = NULL, dispatched_at = NULL, cancel_requested_at = NULL, cancel_requested_by = NULL,
         cancel_delivered_at = NULL, started_at = NULL, completed_at = NULL
       WHERE job_id = ?`,
      [initialStatus, stage, jobId],
      'run',
    );
    const why = `Retried by ${by} (attempt ${job.attempt + 1})`;
    await recordTransition(tx, jobId, { from: job.status, to: initialStatus, stage, why });
    return readJob(tx, jobId);
  });
}
