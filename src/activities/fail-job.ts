import type { Move } from '../database/move-job.ts';
import type { Job } from '../domain/job.ts';
import { kindNamed } from '../domain/kinds/index.ts';
import type { ActivityLog } from './activity-log.ts';
import type { JobReference } from './job-reference.ts';

/** Writes down why a job failed, in words for its user and in a word for programs. @throws StaleAttempt */
export function makeFailJob({ moveJob, log }: { moveJob(move: Move): Promise<Job>; log: ActivityLog }) {
  return async function failJob(
    job: JobReference & { kind: string; error_message: string; error_type: string },
  ): Promise<void> {
    const { job_id, attempt, kind, error_message, error_type } = job;
    await moveJob({
      job_id,
      attempt,
      to: kindNamed(kind).ends.failed,
      stage: 'FAILED',
      why: error_message,
      error_message,
      error_type,
    });
    log.error({ job_id, attempt, error_type, error_message }, error_message);
  };
}
