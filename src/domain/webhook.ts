import type { Job } from './job.ts';
import type { Phase } from './phase.ts';

/** What a job's webhook is told. */
export const webhookEventTypes = [
  'job.needs_assist',
  'job.assist_due',
  'job.succeeded',
  'job.failed',
  'job.canceled',
] as const;
export type WebhookEventType = (typeof webhookEventTypes)[number];

const typeByPhase: Readonly<Partial<Record<Phase, WebhookEventType>>> = {
  waiting: 'job.needs_assist',
  succeeded: 'job.succeeded',
  failed: 'job.failed',
  canceled: 'job.canceled',
};

/** What is told when a job enters a phase; null for those nobody need hear of. */
export function webhookEventOf(phase: Phase): WebhookEventType | null {
  return typeByPhase[phase] ?? null;
}

/** The body that is sent, as Standard Webhooks lays it out; `links` are paths of the API that accepted the job. */
export interface WebhookPayload {
  type: WebhookEventType;
  /** When it happened, ISO 8601 in UTC; not when it was sent. */
  timestamp: string;
  data: Pick<
    Job,
    'job_id' | 'kind' | 'session_id' | 'status' | 'phase' | 'stage' | 'error_message' | 'error_type'
  > & {
    links: Record<string, string>;
  };
}

export function webhookPayload(type: WebhookEventType, job: Job, at: Date): WebhookPayload {
  const { job_id, kind, session_id, status, phase, stage, error_message, error_type } = job;
  const self = `/api/jobs/${job_id}`;
  const links: Record<string, string> = { job: self, result: `${self}/result` };
  if (phase === 'waiting') links.assist = `${self}/assist`;
  return {
    type,
    timestamp: at.toISOString(),
    data: { job_id, kind, session_id, status, phase, stage, error_message, error_type, links },
  };
}

/** The one argument of the workflow `webhook`; see `JobWorkflowInput` about its fields. */
export interface WebhookWorkflowInput {
  event_id: string;
  /** Milliseconds before the second try, the third, and so on; the schedule of Standard Webhooks unless told. */
  waits_ms?: number[];
}

/** The name of the workflow function that delivers one event. */
export const webhookWorkflowType = 'webhook';

/** Where it is sent from; the workers of the main queue serve this one, too. */
export function webhookQueue(mainQueue: string): string {
  return `${mainQueue}-webhooks`;
}

export function webhookWorkflowId(eventId: string): string {
  return `webhook-${eventId}`;
}

/** `whsec_` and 24 to 64 bytes in Base64, as Standard Webhooks has it. */
export function isWebhookSecret(text: string): boolean {
  const base64 = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/.exec(text)?.[1];
  const bytes = Math.floor(((base64?.replace(/=+$/, '').length ?? 0) * 3) / 4);
  return bytes >= 24 && bytes <= 64;
}
