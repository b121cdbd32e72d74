import { Conflict } from '../../domain/errors.ts';
import type { Job } from '../../domain/job.ts';
import { isOpen } from '../../domain/phase.ts';
import type { Database } from '../database.ts';
import { inTransaction } from '../transaction.ts';
import { cancelInTransaction } from './cancel-in-transaction.ts';
import { readJob } from './job-row.ts';

/**
 * A job that no workflow has is canceled here and now. For one at work the wish is written down, durably, and
 * the relay takes it to Temporal. Asking again changes nothing.
 * @throws NotFound; Conflict when the job has ended otherwise
 */
export async function requestCancel(
  database: Database,
  jobId: string,
  { by, why }: { by: string; why: string },
): Promise<Job> {
  return inTransaction(database, 'the cancellation', async (tx) => {
    const job = await readJob(tx, jobId, { lock: true });
    if (job.phase === 'canceled') return job;
    if (!isOpen(job.phase)) {
      throw new Conflict(`Job ${jobId} has ended (${job.status}); there is nothing to cancel.`);
    }
    await cancelInTransaction(tx, database.kinds, job, { by, why });
    return readJob(tx, jobId);
  });
}
