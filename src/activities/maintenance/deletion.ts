import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { DeletionTargets } from '../../database/deletion-targets.ts';
import { jobPrefix } from '../../domain/artifact.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import type { ActivityLog } from '../activity-log.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';
import { folderOfOriginal } from './original-folder.ts';
import { workflowEnd } from './workflow-end.ts';

export interface DeletionNeeds {
  client: Client;
  store: Pick<ArtifactStore, 'deletePrefix' | 'deleteKeys'>;
  deletionTargets(deletionId: string): Promise<DeletionTargets>;
  finishDeletion(deletionId: string): Promise<void>;
  log: ActivityLog;
}

/** A workflow told to cancel has so long to write down its end; then it is terminated. */
const patienceMs = 60_000;

export type WorkflowToEnd = { workflow_id: string };

/** The steps of a deletion. Each may run again after an interruption, and then finds less to do. */
export function makeDeletionActivities({
  client,
  store,
  deletionTargets,
  finishDeletion,
  log,
}: DeletionNeeds) {
  return {
    findDeletionTargets: deletionTargets,

    /** Returns when no run under this id is at work any more. */
    async endWorkflow({ workflow_id }: WorkflowToEnd): Promise<void> {
      await whileHeartbeating(async (signal) => {
        const began = Date.now();
        const handle = client.workflow.getHandle(workflow_id);
        for (let told = false; !(await workflowEnd(client, workflow_id)); ) {
          if (Date.now() - began > patienceMs) await unlessGone(handle.terminate('deleted'));
          else if (!told) await unlessGone(handle.cancel());
          told = true;
          await sleep(500, undefined, { signal });
        }
      });
    },

    /** Everything the jobs wrote and, where a session goes, its original. Returns how many objects went. */
    async removeObjects({
      jobs,
      original_keys,
    }: Pick<DeletionTargets, 'jobs' | 'original_keys'>): Promise<number> {
      return whileHeartbeating(async (signal) => {
        let removed = 0;
        const prefixes = jobs.map(({ job_id }) => jobPrefix(job_id));
        for (const prefix of [...prefixes, ...original_keys.map(folderOfOriginal)]) {
          signal.throwIfAborted();
          removed += await store.deletePrefix(prefix);
        }
        return removed;
      });
    },

    async removeRows({ deletion_id, objects }: { deletion_id: string; objects: number }): Promise<void> {
      await finishDeletion(deletion_id);
      log.info({ deletion_id, objects }, 'Deleted: objects, then rows');
    },
  };
}

async function unlessGone(told: Promise<unknown>): Promise<void> {
  await told.catch((error) => {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  });
}

export type DeletionActivities = ReturnType<typeof makeDeletionActivities>;
