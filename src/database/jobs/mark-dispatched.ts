import type { Database } from '../database.ts';
import { inTransaction } from '../transaction.ts';

/** The attempt's workflow is at Temporal. Marking twice, or for an earlier attempt, changes nothing. */
export async function markDispatched(database: Database, jobId: string, attempt: number): Promise<void> {
  await inTransaction(database, 'the mark that the workflow was started', async (tx) => {
    await tx.execute(
      'UPDATE analysis_jobs SET dispatched_at = now() WHERE job_id = ? AND attempt = ? AND dispatched_at IS NULL',
      [jobId, attempt],
      'run',
    );
  });
}
