import type { Job } from '../domain/job.ts';
import type { Phase } from '../domain/phase.ts';
import type { Database } from './database.ts';
import { JobEntity, toJob } from './entities/job.ts';
import type { Scope } from './find-job.ts';
import { after, decodeCursor, type Page, pageOf } from './page.ts';

export interface JobFilter extends Scope {
  kind?: string;
  status?: string;
  phase?: Phase;
  sessionId?: string;
  cursor?: string;
  limit: number;
}

/** Newest first. @throws InvalidRequest for a cursor no list gave out */
export async function listJobs(database: Database, filter: JobFilter): Promise<Page<Job>> {
  const { userId, kind, status, phase, sessionId, cursor, limit } = filter;
  const where = {
    deleted_at: null,
    ...(userId !== undefined && { user_id: userId }),
    ...(kind && { kind }),
    ...(status && { status }),
    ...(phase && { phase }),
    ...(sessionId && { session_id: sessionId }),
    ...(cursor && after(decodeCursor(cursor), 'job_id')),
  };
  const rows = await database
    .em()
    .find(JobEntity, where, { orderBy: { created_at: 'desc', job_id: 'desc' }, limit: limit + 1 });
  return pageOf(rows, limit, toJob, ({ created_at, job_id }) => ({ created_at, id: job_id }));
}
