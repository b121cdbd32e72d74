import type { Context } from '@temporalio/activity';

/** How often an activity has failed, by the failure's type, over all its attempts. */
export type FailureCount = Readonly<Record<string, number>>;

/**
 * What earlier attempts counted, on whichever worker. Temporal keeps an attempt's last heartbeat for the next one, so each
 * heartbeat has to carry the count on: `heartbeatOf`. A local activity has no heartbeats, and begins at nothing each time.
 */
export function failuresBefore({ info }: Pick<Context, 'info'>): FailureCount {
  const details: unknown = info.heartbeatDetails;
  const failures =
    typeof details === 'object' && details !== null && 'failures' in details ? details.failures : {};
  return failures as FailureCount;
}

/**
 * Attempts that ended without a word: their worker was killed, or their time ran out. Those a worker handed over when
 * it was stopped are among them.
 */
export function attemptsLost(context: Pick<Context, 'info'>): number {
  const failed = Object.values(failuresBefore(context)).reduce((sum, times) => sum + times, 0);
  return context.info.attempt - 1 - failed;
}

/** What a heartbeat holds: how far the activity is, and what it has to remember. */
export function heartbeatOf(failures: FailureCount, progress?: object): object {
  return { ...progress, failures };
}

export function oneMore(failures: FailureCount, type: string): FailureCount {
  return { ...failures, [type]: (failures[type] ?? 0) + 1 };
}
