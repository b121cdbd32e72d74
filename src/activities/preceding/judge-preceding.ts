import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import type { Job } from '../../domain/job.ts';
import { isOpen } from '../../domain/phase.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';

/** What a job that has ended means for the one that waits for it. */
export interface Judgement {
  /** Why the other job must not begin: a word for programs, and a sentence for its user. */
  refusal?: { type: string; message: string };
  /** What the other job's result is to say of it. */
  note?: string;
}

/** What a result says of a job that preceded its own. */
export interface PrecededBy {
  kind: string;
  job_id: string;
  note?: string;
}

export interface JudgePrecedingNeeds {
  /** @throws NotFound */
  readJob(jobId: string): Promise<Job>;
  /** By the rules of the preceding job's kind. */
  judge(job: Job): Judgement;
}

const everyMs = 250;

/**
 * Waits until the row says that the preceding job has ended, which it says within a minute also when its workflow was
 * terminated, and asks its kind what that means.
 * @throws ApplicationFailure, not to be retried, when the other job must not begin
 */
export function makeJudgePreceding({ readJob, judge }: JudgePrecedingNeeds) {
  return async function judgePreceding({ job_id }: { job_id: string }): Promise<PrecededBy> {
    return whileHeartbeating(async (signal) => {
      let job = await readJob(job_id);
      while (isOpen(job.phase)) {
        await sleep(everyMs, undefined, { signal });
        job = await readJob(job_id);
      }
      const { refusal, note } = judge(job);
      if (refusal) throw ApplicationFailure.nonRetryable(refusal.message, refusal.type);
      return { kind: job.kind, job_id, ...(note !== undefined && { note }) };
    });
  };
}
