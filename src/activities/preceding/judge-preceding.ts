import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { NotFound } from '../../domain/errors.ts';
import type { Job, PrecededBy } from '../../domain/job.ts';
import { isOpen } from '../../domain/phase.ts';
import type { JobReference } from '../job-reference.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';

/** What a job that has ended means for the one that waits for it. */
export interface Judgement {
  /** Why the other job must not begin: a word for programs, and a sentence for its user. */
  refusal?: { type: string; message: string };
  /** What the other job's result is to say of it. */
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
  /** Its absence must not pass for that of the job that waits. */
  async function read(jobId: string): Promise<Job> {
    try {
      return await readJob(jobId);
    } catch (error) {
      if (!(error instanceof NotFound)) throw error;
      throw ApplicationFailure.nonRetryable(
        `Job ${jobId}, which had to end before this one, was deleted. Retry this job.`,
        'PrecedingJobDeleted',
      );
    }
  }

  return async function judgePreceding({ job_id }: { job_id: string }): Promise<PrecededBy> {
    return whileHeartbeating(async (signal) => {
      let job = await read(job_id);
      while (isOpen(job.phase)) {
        await sleep(everyMs, undefined, { signal });
        job = await read(job_id);
      }
      const { refusal, note } = judge(job);
      if (refusal) throw ApplicationFailure.nonRetryable(refusal.message, refusal.type);
      return { kind: job.kind, job_id, ...(note !== undefined && { note }) };
    });
  };
}

export interface RecordPrecededNeeds {
  recordPrecededBy(waits: JobReference, preceded: readonly PrecededBy[]): Promise<void>;
}

/** Keeps what came before, so that a workflow that is reset or continues as new does not ask for it again. */
export function makeRecordPreceded({ recordPrecededBy }: RecordPrecededNeeds) {
  return async function recordPreceded({
    preceded_by,
    ...waits
  }: JobReference & { preceded_by: PrecededBy[] }): Promise<void> {
    await recordPrecededBy(waits, preceded_by);
  };
}
