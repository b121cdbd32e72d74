import { expect, test } from '@jest/globals';
import { z } from '../../src/workflows/no-schemas.ts';
import { workflowBundle } from '../support/workflow-bundle.ts';

test('the bundle of the workflows has no zod in it', async () => {
  const { code } = await workflowBundle();
  expect(code).toContain('no-schemas');
  expect(code).not.toContain('node_modules/zod');
});

test('a schema can be built of what stands in for zod, but checks nothing silently', () => {
  const stand = z as { object(shape: object): { optional(): { parse(value: unknown): unknown } } };
  const schema = stand.object({}).optional();
  expect(() => schema.parse({})).toThrow('A workflow used parse() of a schema; it has none.');
});
