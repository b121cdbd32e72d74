import {
  CancellationScope,
  ContinueAsNew,
  continueAsNew,
  isCancellation,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type {
  CameraComputeActivities,
  CameraLiveActivities,
  CameraMainActivities,
} from '../activities/camera/camera-activities.ts';
import type { WrittenWatch } from '../activities/camera/finish-recording.ts';
import type { CameraOptions } from '../domain/kinds/camera.ts';
import type { JobWorkflowInput } from '../domain/workflow-input.ts';
import { computeActivities, kindActivities, liveActivities, setupPriority } from './activity-classes.ts';
import { type JobOutcome, reasonOf } from './job-outcome.ts';
import { type RunningJob, runJob } from './run-job.ts';
import { showSteps } from './show-operators.ts';

/** Chunks of one run: a recording of days continues as new, so that no history grows without bound. */
const chunksOfRun = 200;
/** Times of one run that a live source is asked for. */
const watchesOfRun = 500;

/** A camera's recording, watched chunk by chunk; each is a checkpoint, and its events can be read at once. */
export async function camera(input: JobWorkflowInput<CameraOptions>): Promise<JobOutcome> {
  const { job_id, attempt, user_id } = input;
  return runJob(input, async ({ enter }) => {
    try {
      return await (input.options.url === undefined ? watchRecording(input) : watchLive(input, enter));
    } catch (error) {
      if (!(error instanceof ContinueAsNew)) {
        const { closeEventsOfJob } = kindActivities<CameraMainActivities>();
        await CancellationScope.nonCancellable(() =>
          closeEventsOfJob.executeWithOptions({ summary: 'close what is still open' }, [
            { job_id, attempt, user_id },
          ]),
        );
      }
      throw error;
    }
  });
}

/** Until the job is cancelled. A camera that cannot be read now is asked for again and again. */
async function watchLive(input: JobWorkflowInput<CameraOptions>, enter: RunningJob['enter']): Promise<never> {
  const { job_id, attempt, user_id, file_name, options } = input;
  const { watchSource } = liveActivities<CameraLiveActivities>();
  const wait = async (why: string, time: '5 seconds' | '30 seconds' | '1 minute') => {
    showSteps(file_name, [{ title: 'Watch', state: 'waiting', note: why }]);
    await enter({ stage: 'WAITING', why, progress_pct: 0 });
    await sleep(time);
  };
  await enter({ stage: 'WAITING', why: 'for a worker that has a slot for live sources', progress_pct: 0 });
  for (let ofRun = 1; ; ofRun++) {
    showSteps(file_name, [{ title: 'Watch', state: 'working', note: 'for as long as the job runs' }]);
    try {
      const end = await watchSource.executeWithOptions({ summary: 'the camera, live' }, [
        { job_id, attempt, user_id, options },
      ]);
      if (end.end === 'wait') await wait(end.wait.why, end.wait.for === 'limit' ? '30 seconds' : '5 seconds');
    } catch (error) {
      // Whatever fails may be better in a minute, and the camera is to be watched until somebody says otherwise.
      if (isCancellation(error) || isForGood(error)) throw error;
      await wait(`it failed: ${reasonOf(error).message}`, '1 minute');
    }
    if (ofRun >= watchesOfRun || workflowInfo().continueAsNewSuggested)
      await continueAsNew<typeof camera>(input);
  }
}

/** What trying again does not cure: the job's own options, what an operator has to provide, or a job that is gone. */
function isForGood(error: unknown): boolean {
  const forGood = ['InvalidRequest', 'SecretMissing', 'ModelUnusable', 'StaleAttempt', 'NotFound'];
  return forGood.includes(reasonOf(error).type);
}

async function watchRecording(input: JobWorkflowInput<CameraOptions>): Promise<WrittenWatch> {
  const { job_id, attempt, session_id, user_id, file_name, options } = input;
  const job = { job_id, attempt, session_id, user_id, file_name, options };
  const { planWatch, finishRecording } = computeActivities<CameraComputeActivities>(setupPriority);
  const { watchChunk } = computeActivities<CameraComputeActivities>();

  const plan = await planWatch.executeWithOptions(
    { summary: 'when it was recorded, and what to watch for' },
    [job],
  );
  const heading = `${file_name}: camera ${plan.camera_id}, from ${plan.started_at} (${plan.time_source}), ${plan.width} × ${plan.height}, ${plan.codec}`;
  const show = (state: 'working' | 'done', note: string) =>
    showSteps(heading, [{ title: 'Watch', state, note }]);
  show('working', 'from the beginning, or where an earlier attempt was');

  for (let chunk = 0, ofRun = 1; ; ofRun++) {
    const at = await watchChunk.executeWithOptions({ summary: `chunk ${chunk + 1}` }, [{ ...job, chunk }]);
    const until = Math.round(at.last_s ?? 0);
    show(at.ended ? 'done' : 'working', `${until} s watched, ${at.events} events`);
    if (at.ended) {
      return finishRecording.executeWithOptions({ summary: `${at.events} events: is each of them whole?` }, [
        { ...job, at },
      ]);
    }
    chunk = at.chunk + 1;
    if (ofRun >= chunksOfRun || workflowInfo().continueAsNewSuggested)
      await continueAsNew<typeof camera>(input);
  }
}
