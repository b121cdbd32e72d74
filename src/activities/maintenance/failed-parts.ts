import { isDatabaseAway, isOurs } from '../../database/what-failed.ts';
import { DatabaseWriteError, DoubletakeError } from '../../domain/errors.ts';
import type { ActivityLog } from '../activity-log.ts';
import { isCancellation } from '../failures.ts';

/** A part of the maintenance that fails must not keep the others from being done, such as those of the next kind. */
export interface FailedParts {
  /**
   * What `work` returns, or null when it failed. An outage passes through, for it is everybody's, and so does a refusal
   * of ours.
   * @param part what the log is told of it
   */
  unlessFailed<T>(part: object, work: () => Promise<T>): Promise<T | null>;
  /** @throws the first failure */
  throwIfAny(): void;
}

export function collectFailedParts(log: ActivityLog): FailedParts {
  const failures: unknown[] = [];
  return {
    async unlessFailed(part, work) {
      try {
        return await work();
      } catch (error) {
        if (isForAll(error)) throw error;
        failures.push(error);
        log.error(
          { err: error, ...part, failed: failures.length },
          'A part of the maintenance failed; it goes on with the rest',
        );
        return null;
      }
    },
    throwIfAny() {
      if (failures.length > 0) throw failures[0];
    },
  };
}

function isForAll(error: unknown): boolean {
  if (isCancellation(error) || isDatabaseAway(error)) return true;
  if (error instanceof DatabaseWriteError) return !isOurs(error);
  return error instanceof DoubletakeError;
}
