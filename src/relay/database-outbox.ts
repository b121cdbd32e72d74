import { cancelRequests } from '../database/cancel-requests.ts';
import type { Database } from '../database/database.ts';
import { findSession } from '../database/find-session.ts';
import { markCancelDelivered } from '../database/mark-cancel-delivered.ts';
import { markDeletionDispatched } from '../database/mark-deletion-dispatched.ts';
import { markDispatched } from '../database/mark-dispatched.ts';
import { markWebhookDispatched } from '../database/mark-webhook-dispatched.ts';
import { undispatchedDeletions } from '../database/undispatched-deletions.ts';
import { undispatchedJobs } from '../database/undispatched-jobs.ts';
import { undispatchedWebhooks } from '../database/undispatched-webhooks.ts';
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
