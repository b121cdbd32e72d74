import type { JobTransition } from '../database/jobs/transition-job.ts';
import type { Job } from '../domain/job.ts';
import { endStatus } from '../domain/kind.ts';
import type { Kinds } from '../domain/kind-registry.ts';
import type { JobReference } from './job-reference.ts';

export interface CancelJobNeeds {
  kinds: Kinds;
  transitionJob(transition: JobTransition): Promise<Job>;
}

/** Writes down that a job was cancelled; what it wrote stays. @throws StaleAttempt */
export function makeCancelJob({ kinds, transitionJob }: CancelJobNeeds) {
  return async function cancelJob(job: JobReference & { kind: string; stage: string }): Promise<void> {
    const { job_id, attempt, kind, stage } = job;
    const why = `Cancelled on request during ${stage}.`;
    const to = endStatus(kinds.named(kind), 'canceled');
    await transitionJob({ job_id, attempt, to, stage, why, error_message: why });
  };
}
