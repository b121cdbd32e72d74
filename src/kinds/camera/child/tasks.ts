import type { TaskHandlers } from '../../../media/child/task-table.ts';
import type { ModelFile } from '../../../media/models/load-model.ts';
import { createWatcher } from '../analysis/create-watcher.ts';
import { GreyReader } from './grey.ts';
import { type InspectTask, inspectRecording, type RecordingInfo } from './inspect-recording.ts';
import type { LiveProgress, LiveResult, LiveTask } from './live/live-task.ts';
import { makeWatchLive } from './live/watch-live.ts';
import { objectsIn } from './models.ts';
import { type WatchProgress, type WatchResult, type WatchTask, watchRecording } from './watch-recording.ts';

/** What a child process can do for a camera's job. */
export interface CameraTasks {
  cameraInspect: { task: InspectTask; result: RecordingInfo; progress: never };
  cameraWatch: { task: WatchTask; result: WatchResult; progress: WatchProgress };
  cameraLive: { task: LiveTask<ModelFile>; result: LiveResult; progress: LiveProgress };
}

/** A child does one task at a time. */
const grey = new GreyReader();

export const tasks: TaskHandlers<CameraTasks> = {
  cameraInspect: inspectRecording,
  cameraWatch: watchRecording,
  cameraLive: makeWatchLive<ModelFile>({
    createWatcher,
    greyOf: (picture) => grey.read(picture),
    openObjects: objectsIn,
  }),
};
