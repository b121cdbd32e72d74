import type { TaskHandlers } from '../../../media/child/task-table.ts';
import { type Clip, type ClipTask, clip } from './clip.ts';

/** What the API's own child process can do. It loads no models, unlike those of a worker. */
export interface ClipTasks {
  clip: { task: ClipTask; result: Clip; progress: never };
}

export const tasks: TaskHandlers<ClipTasks> = { clip };
