import type { EntityManager } from '@mikro-orm/postgresql';
import { type AssistRequest, answersTo, findAssistIn } from './find-assist.ts';

export interface Question {
  job_id: string;
  attempt: number;
  ask: object;
  due_at: Date;
}

/** Writes down what people are asked; for the transaction in which the job comes to wait for the answer. */
export async function openAssist(tx: EntityManager, question: Question): Promise<void> {
  await writeQuestion(tx, question, await findAssistIn(tx, question));
}

/**
 * In the caller's transaction, which holds the job's row. What was answered before stays under `earlier` of what is asked; a
 * question that is put once more keeps its reminder.
 */
export async function writeQuestion(
  tx: EntityManager,
  { job_id, attempt, ask, due_at }: Question,
  before: AssistRequest | null,
): Promise<void> {
  const earlier = before ? answersTo(before) : [];
  const whole = JSON.stringify({ ...ask, ...(earlier.length > 0 && { earlier }) });
  await tx.execute(
    `INSERT INTO assist_requests AS request (job_id, attempt, ask, due_at) VALUES (?, ?, ?::jsonb, ?)
     ON CONFLICT (job_id, attempt) DO UPDATE SET ask = excluded.ask, due_at = excluded.due_at,
       reminded_at = CASE WHEN request.answered_at IS NULL THEN request.reminded_at END,
       answered_by = NULL, answered_at = NULL, answer = NULL`,
    [job_id, attempt, whole, due_at],
    'run',
  );
  await tx.execute('UPDATE analysis_jobs SET assist_due_at = ? WHERE job_id = ?', [due_at, job_id], 'run');
}
