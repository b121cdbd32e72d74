import { DecoderCrashed } from '../domain/errors.ts';
import type { VisionTasks } from '../kinds/child-tasks.ts';
import type { ChildPool } from '../media/child-pool.ts';
import type { ModelFile } from '../media/models/load-model.ts';
import type { ActivityLog } from './activity-log.ts';

export type VisionPool = Pick<ChildPool<VisionTasks>, 'run'>;

export interface VisionModels {
  pose: ModelFile;
  detector: ModelFile;
}

/** A child lost once may be bad luck (memory, an operator's kill); thrice it is the file. */
const triesAtCrashes = 3;

/** The pool, trying a task again whose child died. */
export function patientPool(pool: VisionPool, log: ActivityLog): VisionPool {
  return {
    async run(task, options) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await pool.run(task, options);
        } catch (error) {
          if (!(error instanceof DecoderCrashed) || attempt >= triesAtCrashes) throw error;
          log.warn({ err: error, task: task.task, attempt }, 'a vision process was lost; trying again');
        }
      }
    },
  };
}
