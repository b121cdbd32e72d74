import { raw } from '@mikro-orm/postgresql';
import type { Job } from '../../domain/job.ts';
import { openPhases } from '../../domain/phase.ts';
import type { Database } from '../database.ts';
import { JobEntity, toJob } from '../entities/job.ts';

/**
 * Open jobs that Temporal should know of, in order of `job_id`, to be compared with Temporal's own word.
 * `idleSeconds`: only those dispatched at least so long ago; `after`: continue behind this job.
 */
export async function jobsToReconcile(
  database: Database,
  { idleSeconds, limit, after }: { idleSeconds: number; limit: number; after?: string },
): Promise<Job[]> {
  const rows = await database.em().find(
    JobEntity,
    {
      phase: { $in: [...openPhases] },
      dispatched_at: { $lt: raw('now() - make_interval(secs => ?)', [idleSeconds]) },
      ...(after && { job_id: { $gt: after } }),
    },
    { orderBy: { job_id: 'asc' }, limit },
  );
  return rows.map(toJob);
}
