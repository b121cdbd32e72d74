import type { Database } from '../database.ts';
import { inTransaction } from '../transaction.ts';

/**
 * Does `work` while nobody can retry the job: a retry, whose attempt writes under the same keys, waits for its end.
 * Null, and nothing done, when the job is not ended at this attempt any more, or is being deleted.
 */
export async function whileEnded<T>(
  database: Database,
  { job_id, attempt }: { job_id: string; attempt: number },
  work: () => Promise<T>,
): Promise<T | null> {
  return inTransaction(database, 'the lock of an ended job', async (tx) => {
    const held = await tx.execute<unknown[]>(
      `SELECT 1 FROM analysis_jobs
       WHERE job_id = ? AND attempt = ? AND phase IN ('succeeded', 'failed', 'canceled') AND deleted_at IS NULL
       FOR SHARE`,
      [job_id, attempt],
    );
    return held.length > 0 ? work() : null;
  });
}
