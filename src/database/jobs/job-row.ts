import type { EntityManager } from '@mikro-orm/postgresql';
import { NotFound } from '../../domain/errors.ts';
import type { Job } from '../../domain/job.ts';
import { JobEntity, toJob } from '../entities/job.ts';

/** The job as it is now in this transaction; `lock` holds its row until the transaction ends. */
export async function readJob(tx: EntityManager, jobId: string, { lock = false } = {}): Promise<Job> {
  if (lock) await tx.execute('SELECT 1 FROM analysis_jobs WHERE job_id = ? FOR UPDATE', [jobId]);
  const row = await tx.findOne(JobEntity, { job_id: jobId, deleted_at: null }, { disableIdentityMap: true });
  if (!row) throw new NotFound(`There is no job ${jobId}.`);
  return toJob(row);
}

/** Like `readJob`, but also while the job is being deleted: a workflow still has to be told of its end. */
export async function readAnyJob(tx: EntityManager, jobId: string): Promise<Job> {
  const row = await tx.findOne(JobEntity, { job_id: jobId }, { disableIdentityMap: true });
  if (!row) throw new NotFound(`There is no job ${jobId}.`);
  return toJob(row);
}
