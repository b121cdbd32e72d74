import type { EntityManager } from '@mikro-orm/postgresql';
import { StaleAttempt } from '../../domain/errors.ts';
import type { Job } from '../../domain/job.ts';
import type { Database } from '../database.ts';
import { readAnyJob } from '../jobs/job-row.ts';
import { recordTransition } from '../jobs/record-transition.ts';
import { inTransaction } from '../transaction.ts';
import { recordWebhookEvent } from '../webhooks/record-webhook-event.ts';
import { findAssistIn } from './find-assist.ts';
import { type Question, writeQuestion } from './open-assist.ts';

export interface AskedAgain extends Omit<Question, 'ask'> {
  askOf(dueAt: Date): object;
  /** Which question of the attempt; see `AssistRequest`. */
  question: number;
  stage: string;
  why: string;
}

/**
 * A job that waits already asks. The next question, where the last answer left something open, takes the place of the one
 * that was answered. The one it waits with, which a reset workflow puts once more, is only written as it is now: people were
 * told of it, and until when. Another one: nothing is written.
 * @param within writes what the question is about, in the same transaction
 * @throws StaleAttempt when the job does not wait at this attempt; NotFound
 */
export async function askAgain(
  database: Database,
  { job_id, attempt, question, stage, why, askOf, due_at }: AskedAgain,
  within: (tx: EntityManager) => Promise<void>,
): Promise<Job> {
  const asked = (due: Date): Question => ({ job_id, attempt, ask: askOf(due), due_at: due });
  return inTransaction(database, 'the next question', async (tx) => {
    await tx.execute('SELECT 1 FROM analysis_jobs WHERE job_id = ? FOR UPDATE', [job_id]);
    const job = await readAnyJob(tx, job_id);
    const before = await findAssistIn(tx, { job_id, attempt });
    if (job.attempt !== attempt || job.phase !== 'waiting' || !before) {
      throw new StaleAttempt(
        `Job ${job_id} can't ask again: it is ${job.status} at attempt ${job.attempt}, not ${attempt}.`,
        job,
      );
    }
    const isNext = question === before.question + 1 && before.answer !== null;
    const isSame = question === before.question && before.answer === null;
    if (!isNext && !isSame) return job;
    await within(tx);
    if (isSame) {
      await writeQuestion(tx, asked(before.due_at), before);
      return job;
    }
    await writeQuestion(tx, asked(due_at), before);
    await tx.execute('UPDATE analysis_jobs SET stage = ? WHERE job_id = ?', [stage, job_id], 'run');
    await recordTransition(tx, job_id, { from: job.status, to: job.status, stage, why });
    const now = await readAnyJob(tx, job_id);
    await recordWebhookEvent(tx, now, 'job.needs_assist');
    return now;
  });
}
