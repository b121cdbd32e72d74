import type { Job } from '../../domain/job.ts';
import type { Database } from '../database.ts';
import { JobEntity, toJob } from '../entities/job.ts';

/** Whose rows may be seen; without `userId` everybody's (operators and the system). */
export interface Scope {
  userId?: string;
}

/** Null for a job that is not there, is being deleted, or is somebody else's. */
export async function findJob(
  database: Database,
  jobId: string,
  { userId }: Scope = {},
): Promise<Job | null> {
  const owner = userId === undefined ? {} : { user_id: userId };
  const row = await database.em().findOne(JobEntity, { job_id: jobId, deleted_at: null, ...owner });
  return row && toJob(row);
}
