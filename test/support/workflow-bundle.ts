import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readWorkflowBundle, type WorkflowBundle } from '../../src/worker/workflow-bundle.ts';

const root = join(import.meta.dirname, '../..');
const path = join(root, 'node_modules/.cache/doubletake/workflow-bundle.json');

/**
 * Path of the workflows bundled from today's sources, for `DOUBLETAKE_WORKFLOW_BUNDLE`. Bundling takes 2.4 s of a
 * processor, so a bundle is kept from run to run and made again when a file that went into it has changed.
 */
export async function workflowBundlePath(): Promise<string> {
  if (readWorkflowBundle(path).state !== 'current') {
    const program = join(root, 'src/bundle-workflows.ts');
    await promisify(execFile)(process.execPath, ['--no-warnings', program, path]);
  }
  return path;
}

/** The same for a worker within the test's process. */
export async function workflowBundle(): Promise<{ code: string }> {
  return JSON.parse(readFileSync(await workflowBundlePath(), 'utf8')) as WorkflowBundle;
}
