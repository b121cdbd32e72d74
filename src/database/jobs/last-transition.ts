import type { EntityManager } from '@mikro-orm/postgresql';

/** The id of the newest line of a job's audit trail; 0 where there is none. */
export async function lastTransitionIn(em: EntityManager, jobId: string): Promise<number> {
  const [row] = await em.execute<{ id: string | number }[]>(
    'SELECT coalesce(max(id), 0) AS id FROM job_transitions WHERE job_id = ?',
    [jobId],
  );
  return Number(row?.id ?? 0);
}
