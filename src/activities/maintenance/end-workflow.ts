import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { whileHeartbeating } from '../while-heartbeating.ts';
import { workflowEnd } from './workflow-end.ts';

/** A workflow told to cancel has so long to write down its end; then it is terminated. */
const patienceMs = 60_000;

/** Has a job's workflow end. Returns when no run under its id is at work, and whether there was one. */
export function makeEndWorkflow({ client }: { client: Client }) {
  return async function endWorkflow({ workflow_id }: { workflow_id: string }): Promise<boolean> {
    return whileHeartbeating(async (signal) => {
      const handle = client.workflow.getHandle(workflow_id);
      const began = Date.now();
      let told = false;
      for (; !(await workflowEnd(client, workflow_id)); told = true) {
        if (Date.now() - began > patienceMs) {
          await unlessEnded(handle.terminate('Its job is being deleted, and it did not end when asked.'));
        } else if (!told) await unlessEnded(handle.cancel());
        await sleep(300, undefined, { signal });
      }
      return told;
    });
  };
}

async function unlessEnded(telling: Promise<unknown>): Promise<void> {
  await telling.catch((error) => {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  });
}
