import type { Client } from '@temporalio/client';

/** Ids of the workflows of our queue that run, as Temporal's visibility store lists them, a thousand a request. */
export async function workflowsAtWork(client: Client, taskQueue: string): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  const query = `ExecutionStatus = 'Running' AND TaskQueue = '${taskQueue}'`;
  for await (const { workflowId } of client.workflow.list({ query, pageSize: 1000 })) ids.add(workflowId);
  return ids;
}
