import { NotFound } from '../../domain/errors.ts';
import type { Database } from '../database.ts';
import { type AnswerGiven, answersTo, findAssist } from './find-assist.ts';

/**
 * What a person answered to a question of this attempt; see `AssistRequest`.
 * @throws NotFound when nobody has
 */
export async function findAnswer(
  database: Database,
  { job_id, attempt, question }: { job_id: string; attempt: number; question: number },
): Promise<AnswerGiven> {
  const request = await findAssist(database, { job_id, attempt });
  const given = request && answersTo(request)[question - 1];
  if (!given) {
    throw new NotFound(`Nobody has answered question ${question} of job ${job_id} at attempt ${attempt}.`);
  }
  return given;
}
