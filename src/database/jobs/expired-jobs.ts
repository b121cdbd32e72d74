import { raw } from '@mikro-orm/postgresql';
import type { Job } from '../../domain/job.ts';
import type { Database } from '../database.ts';
import { JobEntity, toJob } from '../entities/job.ts';

/** Ended jobs of a kind older than their retention, oldest first; by PostgreSQL's clock, for a worker's that runs ahead must not delete. */
export async function expiredJobs(
  database: Database,
  { kind, olderThanDays, limit }: { kind: string; olderThanDays: number; limit: number },
): Promise<Job[]> {
  const rows = await database.em().find(
    JobEntity,
    {
      kind,
      phase: { $in: ['succeeded', 'failed', 'canceled'] },
      completed_at: { $lt: raw('now() - make_interval(secs => ?)', [olderThanDays * 86_400]) },
      deleted_at: null,
    },
    { orderBy: { completed_at: 'asc' }, limit },
  );
  return rows.map(toJob);
}
