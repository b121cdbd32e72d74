import type { Client } from '@temporalio/client';
import { abandonedUploads } from '../../database/abandoned-uploads.ts';
import type { Database } from '../../database/database.ts';
import { deletionTargets } from '../../database/deletion-targets.ts';
import { endedJobs } from '../../database/ended-jobs.ts';
import { expiredJobs } from '../../database/expired-jobs.ts';
import { expiredSessions } from '../../database/expired-sessions.ts';
import { findDeletion } from '../../database/find-deletion.ts';
import { findUpload } from '../../database/find-upload.ts';
import { finishDeletion } from '../../database/finish-deletion.ts';
import { forgetUpload } from '../../database/forget-upload.ts';
import { jobsToReconcile } from '../../database/jobs-to-reconcile.ts';
import { requestDeletion } from '../../database/request-deletion.ts';
import { transitionJob } from '../../database/transition-job.ts';
import { unfinishedDeletions } from '../../database/unfinished-deletions.ts';
import { whichJobsExist } from '../../database/which-jobs-exist.ts';
import { whichKeysAreClaimed } from '../../database/which-keys-are-claimed.ts';
import { whichOriginalsExist } from '../../database/which-originals-exist.ts';
import { whileEnded } from '../../database/while-ended.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { ActivityLog } from '../activity-log.ts';
import type { RecordsOf } from '../kind-records.ts';
import type { MaintenanceNeeds } from './maintenance-activities.ts';
import { workflowEnd } from './workflow-end.ts';
import { workflowsAtWork } from './workflows-at-work.ts';

/** The maintenance activities' needs, of real servers. */
export function maintenanceNeeds(given: {
  database: Database;
  store: ArtifactStore;
  client: Client;
  taskQueue: string;
  recordsOf: RecordsOf;
  log: ActivityLog;
}): MaintenanceNeeds {
  const { database, client, taskQueue } = given;
  return {
    ...given,
    kinds: database.kinds,
    workflowsAtWork: () => workflowsAtWork(client, taskQueue),
    workflowEnd: (workflowId) => workflowEnd(client, workflowId),
    jobsToReconcile: (page) => jobsToReconcile(database, page),
    transitionJob: (transition) => transitionJob(database, transition),
    deletionTargets: (id) => deletionTargets(database, id),
    finishDeletion: (id) => finishDeletion(database, id),
    unfinishedDeletions: (page) => unfinishedDeletions(database, page),
    findDeletion: (id) => findDeletion(database, id),
    expiredJobs: (query) => expiredJobs(database, query),
    expiredSessions: (query) => expiredSessions(database, query),
    requestDeletion: (wish) => requestDeletion(database, wish),
    whichJobsExist: (ids) => whichJobsExist(database, ids),
    whichOriginalsExist: (keys) => whichOriginalsExist(database, keys),
    endedJobs: (which) => endedJobs(database, which),
    whichKeysAreClaimed: (keys) => whichKeysAreClaimed(database, keys),
    whileEnded: (job, work) => whileEnded(database, job, work),
    findUpload: (id) => findUpload(database, id),
    abandonedUploads: (hours) => abandonedUploads(database, hours),
    forgetUpload: (id) => forgetUpload(database, id),
  };
}
