import type { TaskHandlers } from '../../../media/child/task-table.ts';
import { measure } from './measure.ts';
import type { MeasureResult, MeasureTask } from './measure-task.ts';

/** What a child process can do for a measurement. */
export interface MeasurementTasks {
  measure: { task: MeasureTask; result: MeasureResult; progress: never };
}

export const tasks: TaskHandlers<MeasurementTasks> = { measure };
