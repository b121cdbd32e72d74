import { raw } from '@mikro-orm/postgresql';
import type { Job } from '../../domain/job.ts';
import type { Database } from '../database.ts';
import { JobEntity, toJob } from '../entities/job.ts';

/** Those of `ids` that ended so long ago, by PostgreSQL's clock, and are not being deleted. */
export async function endedJobs(
  database: Database,
  { ids, olderThanHours }: { ids: readonly string[]; olderThanHours: number },
): Promise<Job[]> {
  if (ids.length === 0) return [];
  const rows = await database.em().find(JobEntity, {
    job_id: { $in: [...ids] },
    phase: { $in: ['succeeded', 'failed', 'canceled'] },
    completed_at: { $lt: raw('now() - make_interval(secs => ?)', [olderThanHours * 3600]) },
    deleted_at: null,
  });
  return rows.map(toJob);
}
