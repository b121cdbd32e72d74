import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { WorkerOptions } from '@temporalio/worker';
import type { ActivityLog } from '../activities/activity-log.ts';

/** The folder above `src/` or `dist/`, which paths of inputs are relative to. */
export const bundleRoot = join(import.meta.dirname, '..', '..');

/** What `bundle-workflows.ts` writes: workflows as Temporal's sandbox runs them, and what they were made from. */
export interface WorkflowBundle {
  /** SHA-256 of every file that went into the code, by its path. */
  inputs: Readonly<Record<string, string>>;
  code: string;
}

export type WorkflowCode = Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'>;

export type ReadBundle =
  | { state: 'current'; code: string }
  | { state: 'missing' }
  /** `changed` is a file that is not what the bundle was made from. */
  | { state: 'stale'; changed: string };

/**
 * Reads a bundle, and believes it only if every file it was made from is still the same: a worker that runs other
 * workflows than its sources say would break the histories of jobs at work.
 */
export function readWorkflowBundle(path: string): ReadBundle {
  const text = readIfThere(path);
  if (text === null) return { state: 'missing' };
  const { inputs, code } = JSON.parse(text.toString()) as WorkflowBundle;
  const changed = Object.keys(inputs).find((file) => hashOf(file) !== inputs[file]);
  return changed === undefined ? { state: 'current', code } : { state: 'stale', changed };
}

/** The workflows for a worker: those of the bundle, or their entry, which the SDK then bundles itself. */
export function workflowCode(path: string, log: ActivityLog): WorkflowCode {
  const read = readWorkflowBundle(path);
  if (read.state === 'current') {
    log.info({ bundle: path }, 'the workflow bundle is current');
    return { workflowBundle: { code: read.code } };
  }
  if (read.state === 'stale') {
    log.warn({ bundle: path, changed: read.changed }, 'the workflow bundle is stale; bundling anew');
  }
  return { workflowsPath: workflowsEntry() };
}

/** SHA-256 of a file under the root; null where there is none. */
export function hashOf(file: string): string | null {
  const bytes = readIfThere(join(bundleRoot, file));
  return bytes && createHash('sha256').update(bytes).digest('hex');
}

/** The entry of the workflows beside this file, in the language that runs. */
export function workflowsEntry(): string {
  return join(dirname(import.meta.dirname), 'workflows', `index.${import.meta.filename.split('.').at(-1)}`);
}

function readIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
