import { isDatabaseAway } from '../../database/what-failed.ts';
import { StorageUnavailable, TemporalUnavailable } from '../../domain/errors.ts';
import { isTemporalOutage } from '../../domain/temporal-outage.ts';
import type { ActivityLog } from '../activity-log.ts';
import { isCancellation } from '../failures.ts';
import { WrongDatabase } from './refuse-wrong-database.ts';

/** A part of the maintenance that fails must not keep the others from being done, such as those of the next kind. */
export interface FailedParts {
  /**
   * What `work` returns, or null when it failed. What would meet every other part, too, passes through: a cancellation,
   * an outage, a bucket that is another database's.
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
  return (
    isCancellation(error) ||
    isDatabaseAway(error) ||
    isTemporalOutage(error) ||
    [StorageUnavailable, TemporalUnavailable, WrongDatabase].some((type) => error instanceof type)
  );
}
