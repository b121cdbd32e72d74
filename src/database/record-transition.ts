import type { EntityManager } from '@mikro-orm/postgresql';

/** One line of the audit trail, and the session kept in step with its newest job; in the caller's transaction. */
export async function recordTransition(
  tx: EntityManager,
  jobId: string,
  change: { from: string | null; to: string; stage: string; why: string },
): Promise<void> {
  const { from, to, stage, why } = change;
  await tx.execute(
    'INSERT INTO job_transitions (job_id, from_status, to_status, stage, why) VALUES (?, ?, ?, ?, ?)',
    [jobId, from, to, stage, why],
    'run',
  );
  await tx.execute(
    `UPDATE sessions SET status = newest.phase
     FROM (SELECT session_id, phase FROM analysis_jobs
           WHERE session_id = (SELECT session_id FROM analysis_jobs WHERE job_id = ?)
           ORDER BY created_at DESC, job_id DESC LIMIT 1) AS newest
     WHERE sessions.id = newest.session_id AND sessions.status IS DISTINCT FROM newest.phase`,
    [jobId],
    'run',
  );
}
