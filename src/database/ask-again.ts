import type { EntityManager } from '@mikro-orm/postgresql';
import { StaleAttempt } from '../domain/errors.ts';
import type { Job } from '../domain/job.ts';
import type { Database } from './database.ts';
import { findAssistIn } from './find-assist.ts';
import { readAnyJob } from './job-row.ts';
import { recordTransition } from './record-transition.ts';
import { recordWebhookEvent } from './record-webhook-event.ts';
import { inTransaction } from './transaction.ts';

export interface AskedAgain {
  job_id: string;
  attempt: number;
  stage: string;
  why: string;
  ask: object;
  due_at: Date;
}

/**
 * The answer left something open: the next question takes the place of the one it answered, which the new one keeps under
 * `earlier`. The job goes on waiting. Asked already: nothing is written.
 * @param within writes what the question is about, in the same transaction
 * @throws StaleAttempt when the job does not wait at this attempt; NotFound
 */
export async function askAgain(
  database: Database,
  { job_id, attempt, stage, why, ask, due_at }: AskedAgain,
  within: (tx: EntityManager) => Promise<void>,
): Promise<Job> {
  return inTransaction(database, 'the next question', async (tx) => {
    await tx.execute('SELECT 1 FROM analysis_jobs WHERE job_id = ? FOR UPDATE', [job_id]);
    const job = await readAnyJob(tx, job_id);
    const before = await findAssistIn(tx, job_id, attempt);
    if (job.attempt !== attempt || job.phase !== 'waiting' || !before) {
      throw new StaleAttempt(
        `Job ${job_id} can't ask again: it is ${job.status} at attempt ${job.attempt}, not ${attempt}.`,
        job,
      );
    }
    const { answer, answered_by: by, answered_at: at } = before;
    if (!answer) return job;
    const answered = { answer, by, at: at?.toISOString() };
    const earlier = [...((before.ask.earlier as unknown[] | undefined) ?? []), answered];
    await within(tx);
    await tx.execute(
      `UPDATE assist_requests SET ask = ?::jsonb, due_at = ?, reminded_at = NULL, answered_by = NULL,
         answered_at = NULL, answer = NULL WHERE job_id = ? AND attempt = ?`,
      [JSON.stringify({ ...ask, earlier }), due_at, job_id, attempt],
      'run',
    );
    await tx.execute(
      'UPDATE analysis_jobs SET stage = ?, assist_due_at = ? WHERE job_id = ?',
      [stage, due_at, job_id],
      'run',
    );
    await recordTransition(tx, job_id, { from: job.status, to: job.status, stage, why });
    const asked = await readAnyJob(tx, job_id);
    await recordWebhookEvent(tx, asked, 'job.needs_assist');
    return asked;
  });
}
