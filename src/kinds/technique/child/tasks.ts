import type { TaskHandlers } from '../../../media/child/task-table.ts';
import type { VideoIndex } from '../../../media/video/video-index.ts';
import type { TechniqueModels } from '../technique-models.ts';
import { drawFrames } from './draw.ts';
import type { DrawnFrame, DrawTask } from './draw-task.ts';
import { type IndexTask, indexTask } from './index-task.ts';
import { look, sampleReader } from './look.ts';
import type { LookProgress, LookResult, LookTask } from './look-task.ts';
import { loadModels } from './models.ts';

/** What a child process can do for a technique job. */
export interface TechniqueTasks {
  index: { task: IndexTask; result: VideoIndex; progress: never };
  look: { task: LookTask; result: LookResult; progress: LookProgress };
  draw: { task: DrawTask; result: DrawnFrame[]; progress: never };
}

export const tasks: TaskHandlers<TechniqueTasks> = { index: indexTask, look, draw: drawFrames };

/** Starts the thread that reads ahead, and loads the models before the first look asks for them. @throws ModelUnusable */
export async function prepare(models?: TechniqueModels): Promise<void> {
  sampleReader.start();
  if (models) await loadModels(models);
}
