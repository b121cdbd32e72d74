import type { EntityManager } from '@mikro-orm/postgresql';
import { keepSessionStatus } from '../sessions/keep-session-status.ts';

/** One line of the audit trail, and the session kept in step with its newest job; in the caller's transaction. */
export async function recordTransition(
  tx: EntityManager,
  jobId: string,
  change: { from: string | null; to: string; stage: string; why: string },
): Promise<void> {
  const { from, to, stage, why } = change;
  const [job] = await tx.execute<{ session_id: string }[]>(
    `WITH line AS (INSERT INTO job_transitions (job_id, from_status, to_status, stage, why) VALUES (?, ?, ?, ?, ?))
     SELECT session_id FROM analysis_jobs WHERE job_id = ?`,
    [jobId, from, to, stage, why, jobId],
  );
  if (job) await keepSessionStatus(tx, job.session_id);
}
