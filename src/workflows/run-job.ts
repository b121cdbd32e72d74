import {
  ApplicationFailure,
  allHandlersFinished,
  CancellationScope,
  ContinueAsNew,
  condition,
  isCancellation,
} from '@temporalio/workflow';
import type { Begun } from '../activities/begin-job.ts';
import type { JobWorkflowInput } from '../domain/workflow-input.ts';
import { bookkeepingActivities, guardActivities, jobActivities } from './activity-classes.ts';
import { isDeleted, isSuperseded, type JobOutcome, placeFound, reasonOf } from './job-outcome.ts';
import type { NextStage } from './next-stage.ts';
import { runPrecedingJobs } from './preceding-jobs.ts';
import { showStatus } from './show-operators.ts';

/** A job at work, as a kind's story sees it. */
export interface RunningJob extends Pick<Begun, 'passes' | 'finished'> {
  /** Writes the stage, and the status if one is given, into the row and shows both to operators. */
  enter(next: NextStage): Promise<void>;
  /** For an activity that has moved the job itself: shows operators where the job is now. */
  movedTo(place: { status: string; stage: string }): void;
}

/** The one running status of kinds whose histories do not say in which status a job began. */
const statusBefore = 'processing';

/**
 * What all kinds share around their story: the job is begun, guarded and completed; or failed or cancelled with the
 * reason in its row; or left alone, when it is no longer this run's. A story that continues as new does so: the next run
 * begins the same attempt again and goes on after what is finished.
 * @param story resolves to what the kind has yet to write down, in the transaction of the transition to success
 */
export async function runJob<Options extends Record<string, unknown>>(
  input: JobWorkflowInput<Options>,
  story: (job: RunningJob) => Promise<object | undefined>,
): Promise<JobOutcome> {
  const { job_id, attempt, kind, options } = input;
  const job = { job_id, attempt, kind };
  let status = statusBefore;
  let stage = 'QUEUED';
  const movedTo = (place: { status: string; stage: string }) => {
    ({ status, stage } = place);
    showStatus(place);
  };
  try {
    const begun = await bookkeepingActivities.beginJob({ ...job, options });
    movedTo({ status: begun.status ?? statusBefore, stage: begun.stage });
    const enter = async (next: NextStage) => {
      await bookkeepingActivities.enterJobStage({ job_id, attempt, ...next });
      movedTo({ status: next.status ?? status, stage: next.stage });
    };
    if (begun.preceded_by) {
      await runPrecedingJobs(input, begun.preceded_by, enter);
      await enter({ stage: begun.stage, why: 'nothing speaks against it', progress_pct: 0 });
    }
    const written = await story({
      passes: begun.passes,
      finished: begun.finished,
      movedTo,
      enter,
    });
    const done = await guardActivities.guardAndComplete.executeWithOptions(
      { summary: 'is all there that was promised? then done' },
      [{ ...job, options, ...(written && { written }) }],
    );
    movedTo({ status: done.status, stage: 'DONE' });
    return { outcome: status, words: 'Everything promised is in the database and in S3.' };
  } catch (error) {
    if (error instanceof ContinueAsNew) throw error;
    if (isSuperseded(error) || isDeleted(error)) return closeSuperseded(error);
    // A cancellation that comes just now must not keep the reason from being written.
    return await CancellationScope.nonCancellable(() => recordFailure(error));
  } finally {
    // Whoever asks this workflow something is answered before it closes.
    await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
  }

  async function recordFailure(error: unknown): Promise<JobOutcome> {
    const { type, message } = reasonOf(error);
    try {
      if (isCancellation(error)) {
        await jobActivities.cancelJob.executeWithOptions({ summary: 'cancelled: say so' }, [
          { ...job, stage },
        ]);
        showStatus({ status: 'canceled', stage });
      } else {
        await jobActivities.failJob.executeWithOptions({ summary: `failed: say why (${type})` }, [
          { ...job, error_message: message, error_type: type },
        ]);
        showStatus({ status: 'failed', stage: 'FAILED' });
      }
    } catch (late) {
      if (isSuperseded(late) || isDeleted(late)) return closeSuperseded(late);
      throw late;
    }
    if (isCancellation(error)) throw error;
    throw ApplicationFailure.nonRetryable(message, type);
  }

  /** The job was ended by somebody else, or by an answer of ours that was lost: operators see what the row says. */
  function closeSuperseded(error: unknown): JobOutcome {
    const place = isSuperseded(error) ? placeFound(error) : null;
    if (place?.attempt === attempt) showStatus(place);
    return { outcome: 'superseded', words: `Nothing was written: ${reasonOf(error).message}` };
  }
}
