import type { Client } from '@temporalio/client';
import type { DeletionTargets } from '../../database/deletions/deletion-targets.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { makeEndWorkflow } from './end-workflow.ts';
import { makeReconcileJobs, type ReconcileNeeds } from './reconcile-jobs.ts';
import { makeRemoveObjects } from './remove-objects.ts';
import { makeRequestExpiredDeletions, type RetentionNeeds } from './request-expired-deletions.ts';
import { makeResumeDeletions, type ResumeDeletionsNeeds } from './resume-deletions.ts';
import { makeSweepOrphans, type SweepNeeds } from './sweep-orphans.ts';

export type MaintenanceNeeds = ReconcileNeeds &
  ResumeDeletionsNeeds &
  RetentionNeeds &
  SweepNeeds & {
    client: Client;
    store: ArtifactStore;
    deletionTargets(deletionId: string): Promise<DeletionTargets>;
    finishDeletion(deletionId: string): Promise<void>;
  };

/** On the main queue: what keeps rows, objects and workflows in step. */
export function makeMaintenanceActivities(needs: MaintenanceNeeds) {
  return {
    reconcileJobs: makeReconcileJobs(needs),
    resumeDeletions: makeResumeDeletions(needs),
    requestExpiredDeletions: makeRequestExpiredDeletions(needs),
    sweepOrphans: makeSweepOrphans(needs),
    readDeletionTargets: needs.deletionTargets,
    endWorkflow: makeEndWorkflow(needs),
    removeObjects: makeRemoveObjects(needs),
    removeRows: needs.finishDeletion,
  };
}

export type MaintenanceActivities = ReturnType<typeof makeMaintenanceActivities>;
