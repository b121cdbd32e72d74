import type { Job } from '../../domain/job.ts';
import type { User } from './user.ts';

/**
 * The job as this reader may know it. Whoever was only asked to answer does not learn its webhook's address, which often
 * is a secret by itself.
 */
export function toldTo({ id, role }: User, job: Job): Job {
  return role === 'operator' || job.user_id === id ? job : { ...job, webhook: null };
}
