import type { EntityManager } from '@mikro-orm/postgresql';

/** Writes down what people are asked; for the transaction in which the job comes to wait for the answer. */
export async function openAssist(
  tx: EntityManager,
  { job_id, attempt, ask, due_at }: { job_id: string; attempt: number; ask: object; due_at: Date },
): Promise<void> {
  await tx.execute(
    'INSERT INTO assist_requests (job_id, attempt, ask, due_at) VALUES (?, ?, ?::jsonb, ?)',
    [job_id, attempt, JSON.stringify(ask), due_at],
    'run',
  );
  await tx.execute('UPDATE analysis_jobs SET assist_due_at = ? WHERE job_id = ?', [due_at, job_id], 'run');
}
