import type { EntityManager } from '@mikro-orm/postgresql';
import { Conflict, NotFound } from '../domain/errors.ts';
import { type AssistRequest, findAssistIn } from './find-assist.ts';

export interface AssistAnswered {
  job_id: string;
  attempt: number;
  answer: object;
  by: string;
  /** When it was accepted. */
  at: Date;
}

/**
 * The first answer stays. For the transaction that writes what follows from it; the same answer again changes nothing.
 * @throws Conflict naming who answered first, and when; NotFound when nobody was asked
 */
export async function recordAssistAnswer(
  tx: EntityManager,
  { job_id, attempt, answer, by, at }: AssistAnswered,
): Promise<AssistRequest> {
  const json = JSON.stringify(answer);
  const { affectedRows } = await tx.execute<{ affectedRows: number }>(
    `UPDATE assist_requests SET answered_by = ?, answered_at = coalesce(answered_at, ?), answer = ?::jsonb
     WHERE job_id = ? AND attempt = ? AND (answered_at IS NULL OR (answered_by = ? AND answer = ?::jsonb))`,
    [by, at, json, job_id, attempt, by, json],
    'run',
  );
  const request = await findAssistIn(tx, { job_id, attempt });
  if (!request) throw new NotFound(`Nobody was asked about job ${job_id} at attempt ${attempt}.`);
  if (affectedRows === 0) {
    throw new Conflict(
      `${request.answered_by} answered first, at ${request.answered_at?.toISOString()}; job ${job_id} goes by that answer.`,
    );
  }
  return request;
}
