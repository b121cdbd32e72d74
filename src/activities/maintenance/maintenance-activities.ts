import { type DeletionNeeds, makeDeletionActivities } from './deletion.ts';
import { makeReconcileJobs, type ReconcileNeeds } from './reconcile-jobs.ts';
import { makeRequestExpiredDeletions, type RetentionNeeds } from './request-expired-deletions.ts';
import { makeResumeDeletions, type ResumeDeletionsNeeds } from './resume-deletions.ts';
import { makeSweepOrphans, type SweepNeeds } from './sweep-orphans.ts';

export type MaintenanceNeeds = ReconcileNeeds &
  DeletionNeeds &
  ResumeDeletionsNeeds &
  RetentionNeeds &
  SweepNeeds;

/** On the main queue: what keeps rows, objects and workflows of one mind. */
export function makeMaintenanceActivities(needs: MaintenanceNeeds) {
  return {
    ...makeDeletionActivities(needs),
    reconcileJobs: makeReconcileJobs(needs),
    resumeDeletions: makeResumeDeletions(needs),
    requestExpiredDeletions: makeRequestExpiredDeletions(needs),
    sweepOrphans: makeSweepOrphans(needs),
  };
}

export type MaintenanceActivities = ReturnType<typeof makeMaintenanceActivities>;
