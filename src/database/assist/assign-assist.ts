import { Conflict } from '../../domain/errors.ts';
import type { Database } from '../database.ts';
import { readJob } from '../jobs/job-row.ts';
import { inTransaction } from '../transaction.ts';
import { type AssistRequest, findAssistIn } from './find-assist.ts';

/**
 * Asks somebody by name to answer, who may then read the job, or with null whoever may. Null works at any time: who was
 * asked need not be able to read what became of it.
 * @throws NotFound; Conflict when the job does not wait for an answer, or asked nobody
 */
export async function assignAssist(
  database: Database,
  jobId: string,
  assignee: string | null,
): Promise<AssistRequest> {
  return inTransaction(database, 'the assignment', async (tx) => {
    const job = await readJob(tx, jobId, { lock: true });
    const asked = await findAssistIn(tx, job);
    const waits = job.phase === 'waiting' && asked?.answered_at === null;
    if (!asked || (assignee !== null && !waits)) {
      throw new Conflict(`Job ${jobId} waits for nobody's answer: it is ${job.status}.`);
    }
    await tx.execute(
      'UPDATE assist_requests SET assignee = ? WHERE job_id = ? AND attempt = ?',
      [assignee, jobId, job.attempt],
      'run',
    );
    return { ...asked, assignee };
  });
}
