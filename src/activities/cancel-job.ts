import type { Move } from '../database/move-job.ts';
import type { Job } from '../domain/job.ts';
import { kindNamed } from '../domain/kinds/index.ts';
import type { JobReference } from './job-reference.ts';

/** Writes down that a job was cancelled; what it wrote stays. @throws StaleAttempt */
export function makeCancelJob({ moveJob }: { moveJob(move: Move): Promise<Job> }) {
  return async function cancelJob(job: JobReference & { kind: string; stage: string }): Promise<void> {
    const { job_id, attempt, kind, stage } = job;
    const why = `Cancelled on request during ${stage}.`;
    await moveJob({ job_id, attempt, to: kindNamed(kind).ends.canceled, stage, why, error_message: why });
  };
}
