import type { UndispatchedWebhook } from '../database/webhooks/undispatched-webhooks.ts';
import type { Job } from '../domain/job.ts';

/** What the relay reads and ticks off. Each entry is a row that says "not yet told to Temporal". */
export interface Outbox {
  /** Queued jobs whose present attempt has no workflow yet, oldest first. */
  undispatchedJobs(limit: number): Promise<Job[]>;
  /** @throws RangeError for a kind of another version: its job waits until this one knows it. */
  assertKnownKind(kind: string): void;
  /** The file's name as the user gave it. */
  fileName(sessionId: string): Promise<string>;
  markDispatched(jobId: string, attempt: number): Promise<void>;
  /** Dispatched, open jobs whose cancellation was asked for and not delivered. */
  cancelRequests(limit: number): Promise<Job[]>;
  markCancelDelivered(jobId: string, attempt: number): Promise<void>;
  undispatchedDeletions(limit: number): Promise<{ id: string }[]>;
  markDeletionDispatched(id: string): Promise<void>;
  undispatchedWebhooks(limit: number): Promise<UndispatchedWebhook[]>;
  markWebhookDispatched(id: string): Promise<void>;
}
