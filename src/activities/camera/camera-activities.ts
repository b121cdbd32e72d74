import type { JobReference } from '../job-reference.ts';
import type { CameraNeeds } from './camera-needs.ts';
import { closeEvents } from './close-events.ts';
import { makeFinishRecording } from './finish-recording.ts';
import { makePlanWatch } from './plan-watch.ts';
import { makeWatchChunk } from './watch-chunk.ts';
import { makeWatchSource, type WatchSourceNeeds } from './watch-source.ts';

/** On the compute queue: what decodes and runs the object model. */
export function makeCameraComputeActivities(needs: CameraNeeds) {
  return {
    planWatch: makePlanWatch(needs),
    watchChunk: makeWatchChunk(needs),
    finishRecording: makeFinishRecording(needs),
  };
}

export type CameraComputeActivities = ReturnType<typeof makeCameraComputeActivities>;

/** On the live queue: what lasts as long as its source does. */
export function makeCameraLiveActivities(needs: WatchSourceNeeds) {
  return { watchSource: makeWatchSource(needs) };
}

export type CameraLiveActivities = ReturnType<typeof makeCameraLiveActivities>;

/** On the main queue: a few statements each. */
export function makeCameraMainActivities(needs: Parameters<typeof closeEvents>[0]) {
  return {
    /** What a job leaves open when it ends before its recording does. @returns how many were closed */
    closeEventsOfJob: (job: JobReference & { user_id: string }): Promise<number> =>
      closeEvents(needs, job, 'stopped'),
  };
}

export type CameraMainActivities = ReturnType<typeof makeCameraMainActivities>;
