import type { TaskHandlers } from '../../../media/child/task-table.ts';
import { createWatcher } from '../analysis/create-watcher.ts';
import { type InspectTask, inspectRecording, type RecordingInfo } from './inspect-recording.ts';
import type { LiveProgress, LiveResult, LiveTask } from './live/live-task.ts';
import { makeWatchLive } from './live/watch-live.ts';
import { objectsIn } from './models.ts';
import { type WatchProgress, type WatchResult, type WatchTask, watchRecording } from './watch-recording.ts';

/** What a child process can do for a camera's job. */
export interface CameraTasks {
  cameraInspect: { task: InspectTask; result: RecordingInfo; progress: never };
  cameraWatch: { task: WatchTask; result: WatchResult; progress: WatchProgress };
  cameraLive: { task: LiveTask; result: LiveResult; progress: LiveProgress };
}

export const tasks: TaskHandlers<CameraTasks> = {
  cameraInspect: inspectRecording,
  cameraWatch: watchRecording,
  cameraLive: makeWatchLive({ createWatcher, objectsIn }),
};
