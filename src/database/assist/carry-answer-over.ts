import type { EntityManager } from '@mikro-orm/postgresql';
import type { Job } from '../../domain/job.ts';
import { type AnyKind, endStatus, initialStatus } from '../../domain/kind.ts';
import type { Database } from '../database.ts';
import { AssistRequestEntity } from '../entities/assist-request.ts';
import { readAnyJob } from '../jobs/job-row.ts';
import { recordTransition } from '../jobs/record-transition.ts';
import { inTransaction } from '../transaction.ts';
import type { AskedAgain } from './ask-again.ts';
import {
  type AnswerGiven,
  type AssistRequest,
  answersTo,
  findAssistIn,
  toAssistRequest,
} from './find-assist.ts';

/**
 * What people answered to an attempt that failed counts for the retry, as it was given, by whom and when: the question and
 * its answer become this attempt's, and nobody is asked. A retry after a cancellation asks anew: somebody wanted it to stop.
 * @param fits whether it is an answer to what is asked now
 * @param within writes what the question is about, in the same transaction
 * @returns null, with nothing written, when there is no such answer
 */
export async function carryAnswerOver(
  database: Database,
  { job_id, attempt, question, askOf }: Pick<AskedAgain, 'job_id' | 'attempt' | 'question' | 'askOf'>,
  fits: (answer: object) => boolean,
  within: (tx: EntityManager) => Promise<void>,
): Promise<{ job: Job; answered: AnswerGiven } | null> {
  if (attempt === 1) return null;
  return inTransaction(database, 'the answer to an earlier attempt', async (tx) => {
    await tx.execute('SELECT 1 FROM analysis_jobs WHERE job_id = ? FOR UPDATE', [job_id]);
    const job = await readAnyJob(tx, job_id);
    if (job.attempt !== attempt || job.phase !== 'running') return null;
    const own = await findAssistIn(tx, { job_id, attempt });
    const before = own ? answersTo(own) : [];
    if (before.length !== question - 1) return null;
    const [source] = (await failedAttempts(tx, database.kinds.named(job.kind), job)).filter((earlier) =>
      goesOn(answersTo(earlier), before),
    );
    const answered = source && answersTo(source)[question - 1];
    if (!answered || !fits(answered.answer)) return null;
    await within(tx);
    const earlier = before.length > 0 && { earlier: before };
    const { due_at, reminded_at, assignee, created_at } = source;
    await tx.execute(
      `INSERT INTO assist_requests
         (job_id, attempt, ask, due_at, reminded_at, assignee, created_at, answered_by, answered_at, answer)
       VALUES (?, ?, ?::jsonb, ?, ?, ?, ?, ?, ?, ?::jsonb)
       ON CONFLICT (job_id, attempt) DO UPDATE SET ask = excluded.ask, due_at = excluded.due_at,
         reminded_at = excluded.reminded_at, assignee = excluded.assignee, answered_by = excluded.answered_by,
         answered_at = excluded.answered_at, answer = excluded.answer`,
      [
        ...[job_id, attempt, JSON.stringify({ ...askOf(due_at), ...earlier })],
        ...[due_at, reminded_at, assignee, created_at],
        ...[answered.by, answered.at, JSON.stringify(answered.answer)],
      ],
      'run',
    );
    const why = `What ${answered.by} answered to attempt ${source.attempt} counts; nobody is asked again`;
    await recordTransition(tx, job_id, { from: job.status, to: job.status, stage: job.stage, why });
    return { job, answered };
  });
}

/** What earlier attempts asked, the latest first, back to one that did not fail. */
async function failedAttempts(
  tx: EntityManager,
  definition: AnyKind,
  { job_id, attempt }: Job,
): Promise<AssistRequest[]> {
  const retries = await tx.execute<{ from_status: string }[]>(
    `SELECT from_status FROM job_transitions
     WHERE job_id = ? AND to_status = ? AND from_status IS NOT NULL ORDER BY id DESC`,
    [job_id, initialStatus(definition)],
  );
  const otherEnd = retries.findIndex(({ from_status }) => from_status !== endStatus(definition, 'failed'));
  const failed = otherEnd === -1 ? retries.length : otherEnd;
  const rows = await tx.find(
    AssistRequestEntity,
    { job_id, attempt: { $gte: attempt - failed, $lt: attempt } },
    { orderBy: { attempt: 'desc' }, disableIdentityMap: true },
  );
  return rows.map(toAssistRequest);
}

/** The same answers so far, and one more. */
function goesOn(answers: readonly AnswerGiven[], before: readonly AnswerGiven[]): boolean {
  return (
    answers.length > before.length &&
    before.every(({ by, at }, i) => answers[i]?.by === by && answers[i].at.getTime() === at.getTime())
  );
}
