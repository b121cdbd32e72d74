import type { Database } from '../database.ts';
import { inTransaction } from '../transaction.ts';

/** Temporal has taken the cancellation of this attempt. */
export async function markCancelDelivered(database: Database, jobId: string, attempt: number): Promise<void> {
  await inTransaction(database, 'the mark that the cancellation was delivered', async (tx) => {
    await tx.execute(
      'UPDATE analysis_jobs SET cancel_delivered_at = now() WHERE job_id = ? AND attempt = ?',
      [jobId, attempt],
      'run',
    );
  });
}
