import type { Job } from '../../domain/job.ts';
import type { Database } from '../database.ts';
import { JobEntity, toJob } from '../entities/job.ts';

/**
 * The outbox: accepted (or retried) jobs whose workflow nobody has started yet, oldest first. The workflow
 * of a job that precedes another is started by that one.
 */
export async function undispatchedJobs(database: Database, limit: number): Promise<Job[]> {
  const rows = await database
    .em()
    .find(
      JobEntity,
      { phase: 'queued', dispatched_at: null, deleted_at: null, preceding_for: null },
      { orderBy: { created_at: 'asc', job_id: 'asc' }, limit },
    );
  return rows.map(toJob);
}
