import type { EntityManager } from '@mikro-orm/postgresql';

/**
 * The session's status is the phase of its newest job that is not deleted, but for those that only precede another; `queued` again when it has none left.
 * Locked first: of two jobs that change at once, the second to come sees what the first has written.
 */
export async function keepSessionStatus(tx: EntityManager, sessionId: string): Promise<void> {
  await tx.execute('SELECT 1 FROM sessions WHERE id = ? FOR NO KEY UPDATE', [sessionId]);
  await tx.execute(
    `UPDATE sessions SET status = newest.phase
     FROM (SELECT coalesce((SELECT phase FROM analysis_jobs WHERE session_id = ? AND deleted_at IS NULL
             AND preceding_for IS NULL
           ORDER BY created_at DESC, job_id DESC LIMIT 1), 'queued') AS phase) AS newest
     WHERE sessions.id = ? AND sessions.status IS DISTINCT FROM newest.phase`,
    [sessionId, sessionId],
    'run',
  );
}
