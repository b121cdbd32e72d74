import type { Move } from '../../database/move-job.ts';
import { StaleAttempt } from '../../domain/errors.ts';
import type { Job } from '../../domain/job.ts';
import { kindNamed } from '../../domain/kinds/index.ts';
import type { ActivityLog } from '../activity-log.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';
import type { WorkflowEnd } from './workflow-end.ts';

export interface ReconcileNeeds {
  jobsToReconcile(page: { idleSeconds: number; limit: number; after?: string }): Promise<Job[]>;
  workflowEnd(workflowId: string): Promise<WorkflowEnd>;
  moveJob(move: Move): Promise<Job>;
  log: ActivityLog;
}

/** A job just handed to Temporal may not be known everywhere yet. */
const graceSeconds = 5;
const page = 200;
const atOnce = 16;

/** Compares open jobs with what became of their workflows, and writes down what nobody else will. */
export function makeReconcileJobs({ jobsToReconcile, workflowEnd, moveJob, log }: ReconcileNeeds) {
  return async function reconcileJobs(): Promise<{ looked_at: number; ended: number }> {
    return whileHeartbeating(async (signal) => {
      const count = { looked_at: 0, ended: 0 };
      let after: string | undefined;
      for (;;) {
        signal.throwIfAborted();
        const jobs = await jobsToReconcile({ idleSeconds: graceSeconds, limit: page, after });
        for (let first = 0; first < jobs.length; first += atOnce) {
          const ended = await Promise.all(jobs.slice(first, first + atOnce).map(reconcile));
          count.ended += ended.filter(Boolean).length;
        }
        count.looked_at += jobs.length;
        if (jobs.length < page) return count;
        after = jobs.at(-1)?.job_id;
      }
    });
  };

  async function reconcile(job: Job): Promise<boolean> {
    const end = await workflowEnd(job.workflow_id);
    if (end.state === 'running') return false;
    const { job_id, attempt, kind } = job;
    const { ends } = kindNamed(kind);
    const stopped = end.state === 'stopped';
    try {
      await moveJob({
        job_id,
        attempt,
        to: stopped ? ends.canceled : ends.failed,
        stage: stopped ? job.stage : 'FAILED',
        why: end.why,
        error_message: end.why,
      });
    } catch (error) {
      // It ended or was taken over since it was read: then the row says what it should.
      if (error instanceof StaleAttempt) return false;
      throw error;
    }
    log.warn({ job_id, attempt, why: end.why }, 'reconciled a job whose workflow is gone');
    return true;
  }
}
