import type { Job } from '../../domain/job.ts';
import { openPhases } from '../../domain/phase.ts';
import type { Database } from '../database.ts';
import { JobEntity, toJob } from '../entities/job.ts';

/** Jobs at work whose cancellation Temporal has not been told of, oldest wish first. */
export async function cancelRequests(database: Database, limit: number): Promise<Job[]> {
  const rows = await database.em().find(
    JobEntity,
    {
      phase: { $in: [...openPhases] },
      dispatched_at: { $ne: null },
      cancel_requested_at: { $ne: null },
      cancel_delivered_at: null,
    },
    { orderBy: { cancel_requested_at: 'asc' }, limit },
  );
  return rows.map(toJob);
}
