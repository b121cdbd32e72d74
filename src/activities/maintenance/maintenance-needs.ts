import type { Client } from '@temporalio/client';
import type { Database } from '../../database/database.ts';
import { deletionTargets } from '../../database/deletions/deletion-targets.ts';
import { findDeletion } from '../../database/deletions/find-deletion.ts';
import { finishDeletion } from '../../database/deletions/finish-deletion.ts';
import { requestDeletion } from '../../database/deletions/request-deletion.ts';
import { unfinishedDeletions } from '../../database/deletions/unfinished-deletions.ts';
import { endedJobs } from '../../database/jobs/ended-jobs.ts';
import { expiredJobs } from '../../database/jobs/expired-jobs.ts';
import { jobsToReconcile } from '../../database/jobs/jobs-to-reconcile.ts';
import { transitionJob } from '../../database/jobs/transition-job.ts';
import { whichJobsExist } from '../../database/jobs/which-jobs-exist.ts';
import { whichKeysAreClaimed } from '../../database/jobs/which-keys-are-claimed.ts';
import { whileEnded } from '../../database/jobs/while-ended.ts';
import { expiredSessions } from '../../database/sessions/expired-sessions.ts';
import { whichOriginalsExist } from '../../database/sessions/which-originals-exist.ts';
import { abandonedUploads } from '../../database/uploads/abandoned-uploads.ts';
import { findUpload } from '../../database/uploads/find-upload.ts';
import { forgetUpload } from '../../database/uploads/forget-upload.ts';
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
