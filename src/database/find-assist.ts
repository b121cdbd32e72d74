import type { EntityManager, InferEntity } from '@mikro-orm/postgresql';
import type { Database } from './database.ts';
import { AssistRequestEntity } from './entities/assist-request.ts';

export interface AssistRequest {
  job_id: string;
  attempt: number;
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

/** What was last asked about a job, answered or not; null where nobody was asked. */
export async function findAssist(database: Database, jobId: string): Promise<AssistRequest | null> {
  return findAssistIn(database.em(), jobId);
}

export async function findAssistIn(
  tx: EntityManager,
  jobId: string,
  attempt?: number,
): Promise<AssistRequest | null> {
  const row = await tx.findOne(
    AssistRequestEntity,
    { job_id: jobId, ...(attempt !== undefined && { attempt }) },
    { orderBy: { attempt: 'desc' }, disableIdentityMap: true },
  );
  return row && toAssistRequest(row);
}

function toAssistRequest(row: InferEntity<typeof AssistRequestEntity>): AssistRequest {
  return {
    job_id: row.job_id,
    attempt: row.attempt,
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
