import type { TaskHandlers } from '../../../media/child/task-table.ts';
import type { CleanedScan } from '../volume/clean-scan.ts';
import { type CleanTask, cleanTask } from './clean-task.ts';
import {
  type LookResult,
  type LookTask,
  lookTask,
  type ModelProgress,
  type QuickResult,
  type QuickTask,
  quickTask,
} from './look-tasks.ts';
import { type MeasureResult, type MeasureTask, measureTask } from './measure-task.ts';

/** What a child process can do for a head. */
export interface MriTasks {
  mriClean: { task: CleanTask; result: CleanedScan; progress: never };
  mriQuick: { task: QuickTask; result: QuickResult; progress: ModelProgress };
  mriLook: { task: LookTask; result: LookResult; progress: ModelProgress };
  mriMeasure: { task: MeasureTask; result: MeasureResult; progress: never };
}

export const tasks: TaskHandlers<MriTasks> = {
  mriClean: cleanTask,
  mriQuick: quickTask,
  mriLook: lookTask,
  mriMeasure: measureTask,
};
