import type { Database } from '../database.ts';

/** Whether an operator has asked this user to answer the job's newest question: they may read the job, and answer. */
export async function isAssigned(database: Database, jobId: string, userId: string): Promise<boolean> {
  const rows = await database.em().execute<unknown[]>(
    `SELECT 1 FROM assist_requests JOIN analysis_jobs USING (job_id, attempt)
     WHERE job_id = ? AND assignee = ? AND deleted_at IS NULL`,
    [jobId, userId],
  );
  return rows.length > 0;
}
