import { ChildLost } from '../domain/child-lost.ts';
import { DecoderCrashed, WorkerTooBusy } from '../domain/errors.ts';
import type { RunLimits } from '../media/child/run-limits.ts';
import type { TaskTable } from '../media/child/task-table.ts';
import type { TaskPool } from '../media/child-pool.ts';

/** A child lost once may be bad luck (memory, an operator's kill); thrice it is the file. */
const tries = 3;

/**
 * The pool for a kind that decodes a user's recording, which can be exported anew: a child that is lost in every try is
 * the file's doing, unless the machine was too busy for it.
 * @param limits of the kind's own, in the place of the usual ones
 * @throws DecoderCrashed or WorkerTooBusy instead of ChildLost
 */
export function decodingPool<T extends TaskTable<T>>(
  pool: TaskPool<T>,
  limits: Partial<RunLimits> = {},
): TaskPool<T> {
  return {
    async run(task, options) {
      try {
        return await pool.run(task, { ...options, limits: { tries, ...limits, ...options?.limits } });
      } catch (error) {
        if (!(error instanceof ChildLost)) throw error;
        const what = task.fileName ?? 'the file';
        if (error.how === 'starved') throw new WorkerTooBusy(what, { cause: error });
        throw new DecoderCrashed(
          `The process that was looking at ${what} was lost (${error.circumstances}). ` +
            'If it happens again, the file itself is the likely cause: export it anew and upload that.',
          { cause: error },
        );
      }
    },
  };
}
