import type { Job } from '../../domain/job.ts';
import { isOpen } from '../../domain/phase.ts';
import type { JobWorkflowInput } from '../../domain/workflow-input.ts';
import type { JobReference } from '../job-reference.ts';

/** A job that has to end before another one begins. */
export interface PrecedingJob {
  job_id: string;
  workflow_id: string;
  /** With what its workflow is to be started; null where it has ended already. */
  input: JobWorkflowInput | null;
}

export interface PreparePrecedingNeeds {
  /** Made, tried again, or as it is. @throws NotFound */
  preparePrecedingJob(waits: JobReference, kind: string): Promise<Job>;
}

/** @throws StaleAttempt, NotFound */
export function makePreparePreceding({ preparePrecedingJob }: PreparePrecedingNeeds) {
  return async function preparePreceding({
    job_id,
    attempt,
    preceding_kind,
  }: JobReference & { preceding_kind: string }): Promise<PrecedingJob> {
    const job = await preparePrecedingJob({ job_id, attempt }, preceding_kind);
    const { kind, session_id, user_id, file_name, options } = job;
    const input = { job_id: job.job_id, kind, attempt: job.attempt, session_id, user_id, file_name, options };
    return { job_id: job.job_id, workflow_id: job.workflow_id, input: isOpen(job.phase) ? input : null };
  };
}
