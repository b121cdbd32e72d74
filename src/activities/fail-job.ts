import type { JobTransition } from '../database/jobs/transition-job.ts';
import type { Job } from '../domain/job.ts';
import { endStatus } from '../domain/kind.ts';
import type { Kinds } from '../domain/kind-registry.ts';
import type { ActivityLog } from './activity-log.ts';
import type { JobReference } from './job-reference.ts';

export interface FailJobNeeds {
  kinds: Kinds;
  transitionJob(transition: JobTransition): Promise<Job>;
  log: ActivityLog;
}

/** Writes down why a job failed, in words for its user and in a word for programs. @throws StaleAttempt */
export function makeFailJob({ kinds, transitionJob, log }: FailJobNeeds) {
  return async function failJob(
    job: JobReference & { kind: string; error_message: string; error_type: string },
  ): Promise<void> {
    const { job_id, attempt, kind, error_message, error_type } = job;
    await transitionJob({
      job_id,
      attempt,
      to: endStatus(kinds.named(kind), 'failed'),
      stage: 'FAILED',
      why: error_message,
      error_message,
      error_type,
    });
    log.error({ job_id, attempt, error_type, error_message }, error_message);
  };
}
