import { expect, test } from '@jest/globals';
import { kinds } from '../../src/domain/kinds/index.ts';
import { kindsAtWork } from '../../src/worker/kinds/index.ts';
import * as workflows from '../../src/workflows/index.ts';

test('every kind that is accepted has a workflow, and a worker knows its rows', () => {
  expect(Object.keys(kindsAtWork).sort()).toEqual([...kinds.names].sort());
  for (const kind of kinds.names) expect(Object.keys(workflows)).toContain(kind);
});

test('only the kind that runs models needs them', async () => {
  const settings = { modelsFolder: '/nowhere', settings: {} };
  const { technique, measurement } = kindsAtWork;
  await expect(technique?.compute?.(settings)).rejects.toThrow('/nowhere/SHA256SUMS cannot be read');
  await expect(measurement?.compute?.(settings)).resolves.toBeDefined();
});
