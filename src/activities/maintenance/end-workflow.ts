import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { whileHeartbeating } from '../while-heartbeating.ts';
import { workflowEnd } from './workflow-end.ts';

/** A workflow told to cancel has so long to write down its end; then it is terminated. */
const patienceMs = 60_000;

/** Activities of a workflow that was ended hear of it by heartbeat, all of them within this. */
const mayStillWriteMs = 2 * 60_000;

/**
 * Has a job's workflow end. Returns when no run under its id is at work, and whether activities of one may be: it was
 * ended here, by an earlier try of this that was lost, or by somebody else a moment ago. One that completed has waited
 * for all of its own.
 */
export function makeEndWorkflow({ client }: { client: Client }) {
  return async function endWorkflow({ workflow_id }: { workflow_id: string }): Promise<boolean> {
    return whileHeartbeating(async (signal) => {
      const handle = client.workflow.getHandle(workflow_id);
      const began = performance.now();
      for (let told = false; ; told = true) {
        const end = await workflowEnd(client, workflow_id);
        if (end) return told || (end.how !== 'completed' && Date.now() - Number(end.at) < mayStillWriteMs);
        if (performance.now() - began > patienceMs) {
          await unlessEnded(handle.terminate('Its job is being deleted, and it did not end when asked.'));
        } else if (!told) await unlessEnded(handle.cancel());
        await sleep(300, undefined, { signal });
      }
    });
  };
}

async function unlessEnded(telling: Promise<unknown>): Promise<void> {
  await telling.catch((error) => {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  });
}
