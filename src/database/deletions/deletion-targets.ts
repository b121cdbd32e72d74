import { NotFound } from '../../domain/errors.ts';
import type { Database } from '../database.ts';
import { JobEntity } from '../entities/job.ts';
import { SessionEntity } from '../entities/session.ts';
import { findDeletion } from './find-deletion.ts';

export interface DeletionTargets {
  jobs: { job_id: string; workflow_id: string }[];
  /** Originals to remove: those of a session that goes. */
  original_keys: string[];
}

/** What the deletion still has to remove; empty when it is done. @throws NotFound */
export async function deletionTargets(database: Database, deletionId: string): Promise<DeletionTargets> {
  const deletion = await findDeletion(database, deletionId);
  if (!deletion) throw new NotFound(`There is no deletion ${deletionId}.`);
  const { target, target_id } = deletion;
  const em = database.em();
  const rows = await em.find(JobEntity, target === 'job' ? { job_id: target_id } : { session_id: target_id });
  const session = target === 'session' ? await em.findOne(SessionEntity, { id: target_id }) : null;
  return {
    jobs: rows.map(({ job_id, workflow_id }) => ({ job_id, workflow_id })),
    original_keys: session?.original_key ? [session.original_key] : [],
  };
}
