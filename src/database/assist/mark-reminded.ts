import type { Database } from '../database.ts';
import { readJob } from '../jobs/job-row.ts';
import { inTransaction } from '../transaction.ts';
import { recordWebhookEvent } from '../webhooks/record-webhook-event.ts';

/**
 * Once for each question: writes down that its answer is overdue, and has the job's webhook told.
 * @returns false when that was done before, or nobody waits any more
 * @throws NotFound
 */
export async function markReminded(
  database: Database,
  { job_id, attempt }: { job_id: string; attempt: number },
): Promise<boolean> {
  return inTransaction(database, 'the reminder', async (tx) => {
    const job = await readJob(tx, job_id, { lock: true });
    if (job.attempt !== attempt || job.phase !== 'waiting') return false;
    const { affectedRows } = await tx.execute<{ affectedRows: number }>(
      `UPDATE assist_requests SET reminded_at = now()
       WHERE job_id = ? AND attempt = ? AND reminded_at IS NULL AND answered_at IS NULL`,
      [job_id, attempt],
      'run',
    );
    if (affectedRows > 0) await recordWebhookEvent(tx, job, 'job.assist_due');
    return affectedRows > 0;
  });
}
