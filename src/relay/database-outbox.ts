import type { Database } from '../database/database.ts';
import { markDeletionDispatched } from '../database/deletions/mark-deletion-dispatched.ts';
import { undispatchedDeletions } from '../database/deletions/undispatched-deletions.ts';
import { cancelRequests } from '../database/jobs/cancel-requests.ts';
import { markCancelDelivered } from '../database/jobs/mark-cancel-delivered.ts';
import { markDispatched } from '../database/jobs/mark-dispatched.ts';
import { undispatchedJobs } from '../database/jobs/undispatched-jobs.ts';
import { findSession } from '../database/sessions/find-session.ts';
import { markWebhookDispatched } from '../database/webhooks/mark-webhook-dispatched.ts';
import { undispatchedWebhooks } from '../database/webhooks/undispatched-webhooks.ts';
import type { Outbox } from './outbox.ts';

/** The rows that wait for Temporal. */
export function databaseOutbox(database: Database): Outbox {
  return {
    undispatchedJobs: (limit) => undispatchedJobs(database, limit),
    assertKnownKind: (kind) => {
      database.kinds.named(kind);
    },
    fileName: async (sessionId) => (await findSession(database, sessionId, {}))?.file_name ?? 'unnamed',
    markDispatched: async (jobId, attempt) => {
      await markDispatched(database, jobId, attempt);
    },
    cancelRequests: (limit) => cancelRequests(database, limit),
    markCancelDelivered: async (jobId, attempt) => {
      await markCancelDelivered(database, jobId, attempt);
    },
    undispatchedDeletions: (limit) => undispatchedDeletions(database, limit),
    markDeletionDispatched: async (id) => {
      await markDeletionDispatched(database, id);
    },
    undispatchedWebhooks: (limit) => undispatchedWebhooks(database, limit),
    markWebhookDispatched: async (id) => {
      await markWebhookDispatched(database, id);
    },
  };
}
