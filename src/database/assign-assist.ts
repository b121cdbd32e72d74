import { Conflict } from '../domain/errors.ts';
import type { Database } from './database.ts';
import { type AssistRequest, findAssistIn } from './find-assist.ts';
import { readJob } from './job-row.ts';
import { inTransaction } from './transaction.ts';

/**
 * Asks somebody by name to answer, or with null whoever may.
 * @throws NotFound; Conflict when the job does not wait for an answer
 */
export async function assignAssist(
  database: Database,
  jobId: string,
  assignee: string | null,
): Promise<AssistRequest> {
  return inTransaction(database, 'the assignment', async (tx) => {
    const job = await readJob(tx, jobId, { lock: true });
    const { affectedRows } = await tx.execute<{ affectedRows: number }>(
      'UPDATE assist_requests SET assignee = ? WHERE job_id = ? AND attempt = ? AND answered_at IS NULL',
      [assignee, jobId, job.attempt],
      'run',
    );
    const request = await findAssistIn(tx, jobId, job.attempt);
    if (job.phase !== 'waiting' || affectedRows === 0 || !request) {
      throw new Conflict(`Job ${jobId} waits for nobody's answer: it is ${job.status}.`);
    }
    return request;
  });
}
