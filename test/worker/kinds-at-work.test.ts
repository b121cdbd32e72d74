import { expect, test } from '@jest/globals';
import { kinds } from '../../src/domain/kinds/index.ts';
import { kindsAtWork } from '../../src/worker/kinds/index.ts';
import * as workflows from '../../src/workflows/index.ts';

test('every kind that is accepted has a workflow, and a worker knows its rows', () => {
  expect(Object.keys(kindsAtWork).sort()).toEqual(Object.keys(kinds).sort());
  for (const { workflowType } of Object.values(kinds)) expect(Object.keys(workflows)).toContain(workflowType);
});

test('only the kind that runs models needs them', async () => {
  const settings = { modelsFolder: '/nowhere' };
  const { technique, measurement } = kindsAtWork;
  await expect(technique?.vision?.(settings)).rejects.toThrow('/nowhere/SHA256SUMS cannot be read');
  await expect(measurement?.vision?.(settings)).resolves.toBeDefined();
});
