import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { Kinds } from '../../src/domain/kind-registry.ts';
import type { JobOutcome } from '../../src/workflows/job-outcome.ts';
import { ended, type JobRow } from './rows.ts';

/** How the workflow of a job that has ended must have ended. */
const sameWay: Readonly<Record<string, string>> = {
  succeeded: 'COMPLETED',
  failed: 'FAILED',
  canceled: 'CANCELLED',
};

/**
 * Every job has ended, its session says so, and so has its workflow, in the same way.
 * @param givenUpAt until when a workflow may still be open: a job's end is in its row before the workflow closes
 */
export async function stuck(jobs: readonly JobRow[], client: Client, givenUpAt: number): Promise<string[]> {
  const broken: string[] = [];
  for (const { job_id, kind, status, phase, session_status, preceding_for, workflow_id } of jobs) {
    if (!ended.includes(phase)) {
      broken.push(`${job_id} (${kind}): still "${status}"`);
      continue;
    }
    if (session_status !== phase && !preceding_for)
      broken.push(`${job_id} (${kind}): "${status}", its session "${session_status}"`);
    const end = await endOf(workflow_id, client, givenUpAt);
    // A run that finds the end written, by another whose answer was lost or by an earlier try of its own, says so.
    if (end !== sameWay[phase] && end !== 'superseded')
      broken.push(`${job_id} (${kind}): "${status}", its workflow ${end}`);
  }
  return broken;
}

/** How the newest run ended, in Temporal's word; `superseded` where it answered that the job had ended without it. */
async function endOf(workflowId: string, client: Client, givenUpAt: number): Promise<string> {
  try {
    for (;;) {
      const { status, runId } = await client.workflow.getHandle(workflowId).describe();
      if (status.name === 'RUNNING' && Date.now() < givenUpAt) {
        await sleep(500);
        continue;
      }
      if (status.name !== 'COMPLETED') return status.name;
      const { outcome } = (await client.workflow.getHandle(workflowId, runId).result()) as JobOutcome;
      return outcome === 'superseded' ? outcome : status.name;
    }
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'is not there';
    throw error;
  }
}

/** Every workflow of a kind, open or closed, belongs to a job. */
export async function strayWorkflows(
  jobs: readonly JobRow[],
  { client, taskQueue, kinds }: { client: Client; taskQueue: string; kinds: Kinds },
): Promise<string[]> {
  const known = new Set(jobs.map(({ workflow_id }) => workflow_id));
  const types = kinds.names.map((name) => `'${name}'`).join(', ');
  const query = `TaskQueue = '${taskQueue}' AND WorkflowType IN (${types})`;
  const strays: string[] = [];
  for await (const { workflowId, status } of client.workflow.list({ query }))
    if (!known.has(workflowId)) strays.push(`workflow ${workflowId} (${status.name}): no job has it`);
  return strays;
}
