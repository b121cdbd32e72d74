import type { EntityManager, InferEntity } from '@mikro-orm/postgresql';
import type { Job } from '../../domain/job.ts';
import type { Database } from '../database.ts';
import { AssistRequestEntity } from '../entities/assist-request.ts';

type Attempt = Pick<Job, 'job_id' | 'attempt'>;

export interface AnswerGiven {
  answer: Record<string, unknown>;
  by: string;
  /** When it was accepted. */
  at: Date;
}

export interface AssistRequest {
  job_id: string;
  attempt: number;
  /** 1 for what the attempt asked first, and one more each time an answer left something open. */
  question: number;
  /** What the kind asks. */
  ask: Record<string, unknown>;
  due_at: Date;
  reminded_at: Date | null;
  /** Whom an operator has asked to answer; null: whoever may. */
  assignee: string | null;
  created_at: Date;
  answered_by: string | null;
  answered_at: Date | null;
  answer: Record<string, unknown> | null;
}

/** What this attempt of the job asked last, answered or not; null where it has asked nobody. */
export async function findAssist(database: Database, of: Attempt): Promise<AssistRequest | null> {
  return findAssistIn(database.em(), of);
}

export async function findAssistIn(
  tx: EntityManager,
  { job_id, attempt }: Attempt,
): Promise<AssistRequest | null> {
  const row = await tx.findOne(AssistRequestEntity, { job_id, attempt }, { disableIdentityMap: true });
  return row && toAssistRequest(row);
}

/** What was answered to each question of the attempt, the first one's first; the one that is open is not among them. */
export function answersTo({ ask, answer, answered_by, answered_at }: AssistRequest): AnswerGiven[] {
  const before = earlierIn(ask).map(({ at, ...given }) => ({ ...given, at: new Date(at) }));
  return answer && answered_by && answered_at
    ? [...before, { answer, by: answered_by, at: answered_at }]
    : before;
}

function earlierIn(ask: Record<string, unknown>): (Omit<AnswerGiven, 'at'> & { at: string })[] {
  return (ask.earlier ?? []) as (Omit<AnswerGiven, 'at'> & { at: string })[];
}

export function toAssistRequest(row: InferEntity<typeof AssistRequestEntity>): AssistRequest {
  return {
    job_id: row.job_id,
    attempt: row.attempt,
    question: earlierIn(row.ask).length + 1,
    ask: row.ask,
    due_at: row.due_at,
    reminded_at: row.reminded_at ?? null,
    assignee: row.assignee ?? null,
    created_at: row.created_at,
    answered_by: row.answered_by ?? null,
    answered_at: row.answered_at ?? null,
    answer: row.answer ?? null,
  };
}
