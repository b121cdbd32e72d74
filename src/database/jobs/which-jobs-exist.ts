import type { Database } from '../database.ts';
import { JobEntity } from '../entities/job.ts';

/** Those of `ids` that have a row, also while they are being deleted. */
export async function whichJobsExist(database: Database, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await database.em().find(JobEntity, { job_id: { $in: [...ids] } }, { fields: ['job_id'] });
  return new Set(rows.map(({ job_id }) => job_id));
}
