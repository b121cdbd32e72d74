import { raw } from '@mikro-orm/postgresql';
import type { Job } from '../../domain/job.ts';
import type { Phase } from '../../domain/phase.ts';
import type { Database } from '../database.ts';
import { JobEntity, toJob } from '../entities/job.ts';
import { after, decodeCursor, type Page, pageOf } from '../page.ts';
import type { Scope } from './find-job.ts';

export interface JobFilter extends Scope {
  kind?: string;
  status?: string;
  phase?: Phase;
  sessionId?: string;
  /** Only what an operator has asked this user by name to answer, or had; see `isAssigned`. */
  assignee?: string;
  cursor?: string;
  limit: number;
}

const ofAssignee = '(job_id, attempt) IN (SELECT job_id, attempt FROM assist_requests WHERE assignee = ?)';

/** Newest first. @throws InvalidRequest for a cursor no list gave out */
export async function listJobs(database: Database, filter: JobFilter): Promise<Page<Job>> {
  const { userId, kind, status, phase, sessionId, assignee, cursor, limit } = filter;
  const where = {
    deleted_at: null,
    ...(userId !== undefined && { user_id: userId }),
    ...(kind && { kind }),
    ...(status && { status }),
    ...(phase && { phase }),
    ...(sessionId && { session_id: sessionId }),
    ...(assignee !== undefined && { [raw(ofAssignee, [assignee])]: [] }),
    ...(cursor && after(decodeCursor(cursor), 'job_id')),
  };
  const rows = await database
    .em()
    .find(JobEntity, where, { orderBy: { created_at: 'desc', job_id: 'desc' }, limit: limit + 1 });
  return pageOf(rows, limit, toJob, ({ created_at, job_id }) => ({ created_at, id: job_id }));
}
