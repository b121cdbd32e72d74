import { isDeepStrictEqual } from 'node:util';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Conflict, NotFound } from '../../domain/errors.ts';
import { type AssistRequest, answersTo, findAssistIn } from './find-assist.ts';

export interface AssistAnswered {
  job_id: string;
  attempt: number;
  /** Which question of the attempt it answers. */
  question: number;
  answer: object;
  by: string;
  /** When it was accepted. */
  at: Date;
}

/**
 * The first answer to a question stays, and with it nobody is waited for any more. The same answer again changes nothing.
 * @throws Conflict naming who answered first, and when; NotFound when nobody was asked that
 */
export async function recordAssistAnswer(
  tx: EntityManager,
  { job_id, attempt, question, answer, by, at }: AssistAnswered,
): Promise<AssistRequest> {
  // Of two at once the second is to see the first.
  await tx.execute('SELECT 1 FROM analysis_jobs WHERE job_id = ? FOR UPDATE', [job_id]);
  const asked = await findAssistIn(tx, { job_id, attempt });
  if (!asked || asked.question < question) {
    throw new NotFound(`Question ${question} was not asked about job ${job_id} at attempt ${attempt}.`);
  }
  const json = JSON.stringify(answer);
  const first = answersTo(asked)[question - 1];
  if (first) {
    if (first.by === by && isDeepStrictEqual(first.answer, JSON.parse(json))) return asked;
    throw new Conflict(
      `${first.by} answered first, at ${first.at.toISOString()}; job ${job_id} goes by that answer.`,
    );
  }
  await tx.execute(
    `UPDATE assist_requests SET answered_by = ?, answered_at = ?, answer = ?::jsonb WHERE job_id = ? AND attempt = ?`,
    [by, at, json, job_id, attempt],
    'run',
  );
  await tx.execute(
    'UPDATE analysis_jobs SET assist_due_at = NULL WHERE job_id = ? AND attempt = ?',
    [job_id, attempt],
    'run',
  );
  return (await findAssistIn(tx, { job_id, attempt })) ?? asked;
}
