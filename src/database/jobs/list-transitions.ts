import type { Transition } from '../../domain/job.ts';
import type { Database } from '../database.ts';
import { TransitionEntity } from '../entities/records.ts';

/** The job's audit trail, oldest first. */
export async function listTransitions(database: Database, jobId: string): Promise<Transition[]> {
  const rows = await database.em().find(TransitionEntity, { job_id: jobId }, { orderBy: { id: 'asc' } });
  return rows.map(({ job_id, from_status, to_status, stage, why, at }) => ({
    job_id,
    from: from_status ?? null,
    to: to_status,
    stage,
    why,
    at,
  }));
}
