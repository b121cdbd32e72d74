import { setTimeout as sleep } from 'node:timers/promises';
import type { ActivityLog } from '../activities/activity-log.ts';

/** Longest wait between two tries, ms. */
const longestMs = 5000;

/** Temporal may be away when a worker starts; it waits instead of dying. @throws the signal's reason */
export async function connectPatiently<T>(
  connect: () => Promise<T>,
  log: ActivityLog,
  signal: AbortSignal,
): Promise<T> {
  for (let waitMs = 250; ; waitMs = Math.min(waitMs * 2, longestMs)) {
    signal.throwIfAborted();
    try {
      return await connect();
    } catch (error) {
      log.warn({ err: error, wait_ms: waitMs }, 'Temporal is out of reach; trying again');
      // Rejects when told to stop, and only then; the loop throws why.
      await sleep(waitMs, undefined, { signal }).catch(() => {});
    }
  }
}
