import { CancellationScope, isCancellation, log } from '@temporalio/workflow';
import type { AskedPerson } from '../activities/assist/ask-person.ts';
import type { AcceptedAnswer } from '../domain/assist.ts';
import { bookkeepingActivities, guardActivities, jobActivities } from './activity-classes.ts';
import type { openAssistDesk } from './assist-desk.ts';
import { isDeleted, isSuperseded, reasonOf } from './job-outcome.ts';
import type { RunningJob } from './run-job.ts';

export interface Question<Frame> extends AskedPerson {
  frame: Frame;
  /** The stage in which the answer is worked in. */
  next_stage: string;
  /** Told once people can read the question. */
  onAsked(dueAt: string): void;
  onReminded(): void;
}

/**
 * Asks people and waits for an answer: days if need be, holding nothing but a timer on Temporal's side. Once it is overdue
 * the job reminds, and goes on waiting. The answer is written down before anything is made of it; one that is there already
 * counts: of a workflow that was reset, or of an attempt that failed.
 * @returns whose answer it is; what it is, is in the database
 */
export async function askPerson<Frame, Answer extends object>(
  desk: ReturnType<typeof openAssistDesk<Frame, Answer>>,
  job: RunningJob,
  { frame, next_stage, onAsked, onReminded, ...asked }: Question<Frame>,
): Promise<AcceptedAnswer> {
  const { job_id, attempt, question } = asked;
  // Whoever reads the question can answer it, also before we hear that it can be read.
  desk.open(question, frame);
  try {
    const answered = await firstKept();
    await job.enter({ stage: next_stage, why: `${answered.by} answered`, progress_pct: 50 });
    return answered;
  } finally {
    desk.close();
    // Taken a moment ago, by a job that is cancelled or fails: it is kept all the same.
    await keepWhatWasTaken().catch(() => {});
  }

  async function firstKept(): Promise<AcceptedAnswer> {
    for (;;) {
      const now = await guardActivities.askPerson.executeWithOptions({ summary: 'ask a person' }, [asked]);
      job.movedTo({ status: now.status, stage: now.stage });
      if (now.answered) return now.answered;
      const { due_at } = now;
      onAsked(due_at);
      if (!(await desk.answerWithin(Date.parse(due_at) - Date.now()))) {
        await remind(due_at);
        await desk.answerWithin();
      }
      try {
        const kept = await keepWhatWasTaken();
        if (kept) return kept;
      } catch (error) {
        if (isSuperseded(error) || isDeleted(error)) throw error;
        // Whoever gave it was told. The job waits for the next, unless somebody’s is there already.
        log.warn('An answer could not be kept', { job_id, attempt, question, why: reasonOf(error).message });
      }
    }
  }

  /** Also when a cancellation comes just now. */
  function keepWhatWasTaken(): Promise<AcceptedAnswer | null> {
    return CancellationScope.nonCancellable(() =>
      desk.keep((taken) => bookkeepingActivities.recordAnswer({ job_id, attempt, question, ...taken })),
    );
  }

  /** A reminder that fails is no reason to give up the wait. */
  async function remind(due_at: string): Promise<void> {
    try {
      await jobActivities.remindOfAnswer.executeWithOptions(
        { summary: 'the answer is overdue: remind, once' },
        [{ job_id, attempt, due_at }],
      );
      onReminded();
    } catch (error) {
      if (isCancellation(error) || isDeleted(error)) throw error;
      log.warn('Could not remind of an answer', { job_id, attempt, question, why: reasonOf(error).message });
    }
  }
}
