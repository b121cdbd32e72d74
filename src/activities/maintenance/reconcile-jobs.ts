import type { JobTransition } from '../../database/jobs/transition-job.ts';
import { NotFound, StaleAttempt } from '../../domain/errors.ts';
import type { Job } from '../../domain/job.ts';
import { type AnyKind, endStatus } from '../../domain/kind.ts';
import type { Kinds } from '../../domain/kind-registry.ts';
import type { ActivityLog } from '../activity-log.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';
import { collectFailedParts } from './failed-parts.ts';
import type { EndedHow, WorkflowEnd } from './workflow-end.ts';

export interface ReconcileNeeds {
  kinds: Kinds;
  jobsToReconcile(page: { idleSeconds: number; limit: number; after?: string }): Promise<Job[]>;
  /** Ids of workflows that are at work, by Temporal's list of them, which may be some seconds old. */
  workflowsAtWork(): Promise<ReadonlySet<string>>;
  /** Null while the workflow is at work. */
  workflowEnd(workflowId: string): Promise<WorkflowEnd | null>;
  transitionJob(transition: JobTransition): Promise<Job>;
  log: ActivityLog;
}

export interface Reconciled {
  looked_at: number;
  /** How many were moved to their end. */
  ended: number;
}

const page = 200;
const atOnce = 16;

/**
 * Compares open jobs with Temporal's word, and writes into the row of each whose workflow has ended how it did: nobody
 * else will. A workflow that is at work is left alone, whichever run it is. There may be any number of jobs that run or
 * wait for a person, for days: they are looked up in Temporal's list, and it is asked by name only for those not in it.
 */
export function makeReconcileJobs({
  kinds,
  jobsToReconcile,
  workflowsAtWork,
  workflowEnd,
  transitionJob,
  log,
}: ReconcileNeeds) {
  async function reconcile(job: Job): Promise<boolean> {
    const end = await workflowEnd(job.workflow_id);
    if (!end) return false;
    const { job_id, attempt } = job;
    const transition = transitionAfter(kinds.named(job.kind), job, end);
    try {
      await transitionJob({ job_id, attempt, ...transition });
    } catch (error) {
      // It ended, was taken over or deleted since it was read: then the row says what it should.
      if (error instanceof StaleAttempt || error instanceof NotFound) return false;
      throw error;
    }
    log.warn(
      { job_id, attempt, how: end.how, status_after: transition.to, why: transition.why },
      'Reconciled a job',
    );
    return true;
  }

  return async function reconcileJobs({ idle_seconds }: { idle_seconds: number }): Promise<Reconciled> {
    return whileHeartbeating(async (signal, detail) => {
      const count = { looked_at: 0, ended: 0 };
      const failedParts = collectFailedParts(log);
      let atWork: Promise<ReadonlySet<string>> | undefined;
      const isListed = async ({ phase, workflow_id }: Job) => {
        if (phase === 'queued') return false;
        atWork ??= workflowsAtWork();
        return (await atWork).has(workflow_id);
      };
      let after: string | undefined;
      for (;;) {
        const jobs = await jobsToReconcile({ idleSeconds: idle_seconds, limit: page, after });
        for (let first = 0; first < jobs.length; first += atOnce) {
          signal.throwIfAborted();
          const some = jobs.slice(first, first + atOnce);
          const moved = await Promise.all(
            some.map(async (job) => {
              if (await isListed(job)) return false;
              const { job_id, kind } = job;
              return failedParts.unlessFailed({ job_id, kind }, () => reconcile(job));
            }),
          );
          count.looked_at += moved.length;
          count.ended += moved.filter(Boolean).length;
          detail(count);
        }
        if (jobs.length < page) {
          failedParts.throwIfAny();
          return count;
        }
        after = jobs.at(-1)?.job_id;
      }
    });
  };
}

const sentences: Readonly<Record<EndedHow, string>> = {
  terminated: 'Terminated at Temporal',
  canceled: "Cancelled in Temporal's Web UI before that could be written down",
  failed: 'The workflow failed before it could write down why; retry the job',
  'timed out': "The workflow ran past Temporal's time limit; retry the job",
  completed: 'The workflow ended without finishing the job; retry the job',
  gone: 'The workflow was deleted from Temporal while it was at work; retry the job',
};

const errorTypes: Readonly<Record<Exclude<EndedHow, 'terminated' | 'canceled'>, string>> = {
  failed: 'WorkflowFailed',
  'timed out': 'WorkflowTimedOut',
  completed: 'WorkflowUnfinished',
  gone: 'WorkflowGone',
};

/** Ended by a person on purpose: canceled. Ended otherwise: failed. */
function transitionAfter(definition: AnyKind, { stage }: Job, { how, reason }: WorkflowEnd) {
  const why = `${sentences[how]}${reason ? `: ${reason}` : '.'}`;
  return how === 'terminated' || how === 'canceled'
    ? { to: endStatus(definition, 'canceled'), stage, why, error_message: why }
    : {
        to: endStatus(definition, 'failed'),
        stage: 'FAILED',
        why,
        error_message: why,
        error_type: errorTypes[how],
      };
}
