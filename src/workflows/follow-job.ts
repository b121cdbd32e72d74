import {
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
} from '@temporalio/workflow';
import type { Begun } from '../activities/begin-job.ts';
import type { JobWorkflowInput } from '../domain/workflow-input.ts';
import { books, promises, records } from './activity-classes.ts';
import { isDeleted, isSuperseded, type JobOutcome, placeFound, reasonOf } from './job-outcome.ts';
import { showStatus } from './show-operators.ts';

/** A job on its way, as a kind's story sees it. */
export interface JobUnderWay extends Begun {
  /** The status and stage now, also for operators. */
  enter(stage: string, why: string, progressPct: number): Promise<void>;
  /** For what moved the job by itself: where it is now, also for operators. */
  isNow(at: { status: string; stage: string }): void;
}

/**
 * What all kinds share around their story: the job is begun, guarded and completed; or failed or cancelled with the
 * reason in its row; or left alone, when it is no longer this run's.
 * @param story what it resolves to is what the kind has yet to write down, in the transaction of the step to success
 */
export async function followJob<Options extends Record<string, unknown>>(
  input: JobWorkflowInput<Options>,
  working: string,
  story: (job: JobUnderWay) => Promise<object | undefined>,
): Promise<JobOutcome> {
  const { job_id, attempt, kind, options } = input;
  const job = { job_id, attempt, kind };
  let status = working;
  let stage = 'QUEUED';
  const isNow = (at: { status: string; stage: string }) => {
    ({ status, stage } = at);
    showStatus(at);
  };
  try {
    const begun = await books.beginJob({ ...job, options, status: working });
    isNow({ status, stage: begun.stage });
    const written = await story({
      ...begun,
      isNow,
      async enter(next, why, progress_pct) {
        await books.enterJobStage({ job_id, attempt, stage: next, why, progress_pct });
        isNow({ status, stage: next });
      },
    });
    const done = await promises.guardAndComplete.executeWithOptions(
      { summary: 'is all there that was promised? then done' },
      [{ ...job, options, ...(written && { written }) }],
    );
    isNow({ status: done.status, stage: 'DONE' });
    return { outcome: status, words: 'Everything promised is in the database and in S3.' };
  } catch (error) {
    if (isSuperseded(error) || isDeleted(error)) return leaveAlone(error);
    // Also when a cancellation comes just now: what is written down must be written down.
    return await CancellationScope.nonCancellable(() => writeDown(error));
  } finally {
    // Whoever asks this workflow something is answered before it closes.
    await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
  }

  async function writeDown(error: unknown): Promise<JobOutcome> {
    const { type, message } = reasonOf(error);
    try {
      if (isCancellation(error)) {
        await records.cancelJob.executeWithOptions({ summary: 'cancelled: say so' }, [{ ...job, stage }]);
        showStatus({ status: 'canceled', stage });
      } else {
        await records.failJob.executeWithOptions({ summary: `failed: say why (${type})` }, [
          { ...job, error_message: message, error_type: type },
        ]);
        showStatus({ status: 'failed', stage: 'FAILED' });
      }
    } catch (late) {
      if (isSuperseded(late) || isDeleted(late)) return leaveAlone(late);
      throw late;
    }
    if (isCancellation(error)) throw error;
    throw ApplicationFailure.nonRetryable(message, type);
  }

  /** Ended by another's word, or by our own whose answer was lost: operators see what the row says. */
  function leaveAlone(error: unknown): JobOutcome {
    const place = isSuperseded(error) ? placeFound(error) : null;
    if (place?.attempt === attempt) showStatus(place);
    return { outcome: 'superseded', words: `Nothing was written: ${reasonOf(error).message}` };
  }
}
