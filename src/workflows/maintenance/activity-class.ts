import { proxyActivities } from '@temporalio/workflow';
import type { MaintenanceActivities } from '../../activities/maintenance/maintenance-activities.ts';

const retry = { initialInterval: '1 second', maximumInterval: '1 minute' } as const;

/** One read or one transaction on a deletion's rows: too short for heartbeats. */
type OnRows = Pick<MaintenanceActivities, 'readDeletionTargets' | 'removeRows'>;

/** A deletion was promised: it goes on for as long as a server is away. */
export const onRows = proxyActivities<OnRows>({ startToCloseTimeout: '5 minutes', retry });

/** Each goes through its list in one activity, telling Temporal every second that it is alive. */
type OverLists = Omit<MaintenanceActivities, keyof OnRows>;
const overLists = { startToCloseTimeout: '6 hours', heartbeatTimeout: '15 seconds', retry } as const;

/** Promised too. */
export const promised = proxyActivities<OverLists>(overLists);

/** The next turn of the schedule does what this one could not. */
export const regular = proxyActivities<OverLists>({
  ...overLists,
  retry: { ...retry, maximumInterval: '5 seconds', maximumAttempts: 5 },
});
