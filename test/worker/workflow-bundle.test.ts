import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hashOf, readWorkflowBundle } from '../../src/worker/workflow-bundle.ts';
import { workflowBundlePath } from '../support/workflow-bundle.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'doubletake-bundle-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function bundleFrom(inputs: Record<string, string | null>): string {
  const path = join(folder, 'bundle.json');
  writeFileSync(path, JSON.stringify({ inputs, code: 'the code' }));
  return path;
}

const [one, other] = ['src/workflows/index.ts', 'src/workflows/technique.ts'];

test('a bundle whose sources are the same is taken', () => {
  const path = bundleFrom({ [one]: hashOf(one), [other]: hashOf(other) });
  expect(readWorkflowBundle(path)).toEqual({ state: 'current', code: 'the code' });
});

test('a bundle made from another version of a source is not', () => {
  const path = bundleFrom({ [one]: hashOf(one), [other]: hashOf(one) });
  expect(readWorkflowBundle(path)).toEqual({ state: 'stale', changed: other });
});

test('a bundle made from a source that is gone is not', () => {
  const path = bundleFrom({ 'src/workflows/gone.ts': hashOf(one) });
  expect(readWorkflowBundle(path)).toEqual({ state: 'stale', changed: 'src/workflows/gone.ts' });
});

test('where there is none, that is said', () => {
  expect(readWorkflowBundle(join(folder, 'none.json'))).toEqual({ state: 'missing' });
});

test('what is bundled knows the workflows, what they import and the SDK', async () => {
  const { inputs, code } = JSON.parse(readFileSync(await workflowBundlePath(), 'utf8'));
  expect(Object.keys(inputs)).toEqual(
    expect.arrayContaining([
      'src/workflows/technique.ts',
      'src/workflows/maintenance/sweep.ts',
      'src/domain/assist.ts',
      'node_modules/@temporalio/worker/package.json',
      'node_modules/@temporalio/workflow/lib/workflow.js',
    ]),
  );
  expect(code).toContain('__TEMPORAL__');
});
