import type { Job } from '../../domain/job.ts';
import type { Database } from '../database.ts';
import { JobEntity, toJob } from '../entities/job.ts';

export async function findByIdempotencyKey(
  database: Database,
  userId: string,
  key: string,
): Promise<{ job: Job; fingerprint: string } | null> {
  const row = await database
    .em()
    .findOne(JobEntity, { user_id: userId, idempotency_key: key, deleted_at: null });
  return row ? { job: toJob(row), fingerprint: row.request_fingerprint ?? '' } : null;
}
