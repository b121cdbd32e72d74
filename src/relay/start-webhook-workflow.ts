import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
} from '@temporalio/client';
import type { UndispatchedWebhook } from '../database/webhooks/undispatched-webhooks.ts';
import { type WebhookWorkflowInput, webhookWorkflowId, webhookWorkflowType } from '../domain/webhook.ts';

/** Starts the workflow that delivers one event; repeated, also by another relay, it is the same one. */
export async function startWebhookWorkflow(
  client: Client,
  taskQueue: string,
  { id, type, job_id }: UndispatchedWebhook,
): Promise<void> {
  const input: WebhookWorkflowInput = { event_id: id };
  try {
    await client.workflow.start(webhookWorkflowType, {
      workflowId: webhookWorkflowId(id),
      taskQueue,
      args: [input],
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      staticSummary: `webhook · ${type} · ${job_id}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
