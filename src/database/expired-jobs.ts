import type { Job } from '../domain/job.ts';
import type { Database } from './database.ts';
import { JobEntity, toJob } from './entities/job.ts';

/** Ended jobs of a kind older than their retention, oldest first. */
export async function expiredJobs(
  database: Database,
  { kind, olderThanDays, limit }: { kind: string; olderThanDays: number; limit: number },
): Promise<Job[]> {
  const before = new Date(Date.now() - olderThanDays * 86_400_000);
  const rows = await database.em().find(
    JobEntity,
    {
      kind,
      phase: { $in: ['succeeded', 'failed', 'canceled'] },
      completed_at: { $lt: before },
      deleted_at: null,
    },
    { orderBy: { completed_at: 'asc' }, limit },
  );
  return rows.map(toJob);
}
