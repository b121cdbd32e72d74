import type { FastifyRequest } from 'fastify';
import { isAssigned } from '../../database/assist/is-assigned.ts';
import type { Database } from '../../database/database.ts';
import { findJob } from '../../database/jobs/find-job.ts';
import type { Job } from '../../domain/job.ts';
import { toldTo } from './told-to.ts';
import { scopeOf, userOf } from './user.ts';

/** Null unless it is the asker's own, or an operator asks, or one has asked them to answer what the job asks; see `toldTo`. */
export async function findReadableJob(
  database: Database,
  request: FastifyRequest,
  jobId: string,
): Promise<Job | null> {
  const own = await findJob(database, jobId, scopeOf(request));
  if (own) return own;
  const user = userOf(request);
  const row = (await isAssigned(database, jobId, user.id)) ? await findJob(database, jobId) : null;
  return row && toldTo(user, row);
}
