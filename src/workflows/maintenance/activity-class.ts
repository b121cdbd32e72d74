import { proxyActivities } from '@temporalio/workflow';
import type { MaintenanceActivities } from '../../activities/maintenance/maintenance-activities.ts';

const retry = { initialInterval: '1 second', maximumInterval: '1 minute' } as const;

/** Each goes through its list in one activity, telling Temporal every second that it is alive. */
const lists = { startToCloseTimeout: '6 hours', heartbeatTimeout: '15 seconds', retry } as const;

/** A deletion was promised: it goes on for as long as a server is away. */
export const promised = proxyActivities<MaintenanceActivities>(lists);

/** The next turn of the schedule does what this one could not. */
export const regular = proxyActivities<MaintenanceActivities>({
  ...lists,
  retry: { ...retry, maximumInterval: '5 seconds', maximumAttempts: 5 },
});
