import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { workflowEnd } from './workflow-end.ts';

/** Asks running workflows to end, politely or not. @returns those still running */
export function makeStopWorkflows({ client }: { client: Client }) {
  return async function stopWorkflows(request: { workflow_ids: string[]; force: boolean }): Promise<string[]> {
    const running: string[] = [];
    for (const id of request.workflow_ids) {
      if ((await workflowEnd(client, id)).state !== 'running') continue;
      const handle = client.workflow.getHandle(id);
      try {
        if (request.force) await handle.terminate('Its job is being deleted and it did not end when asked.');
        else await handle.cancel();
        running.push(id);
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    }
    return running;
  };
}
