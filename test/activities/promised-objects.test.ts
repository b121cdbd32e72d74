import { expect, test } from '@jest/globals';
import { promisedObjects } from '../../src/activities/promised-objects.ts';

const jobId = '5f0c0000-0000-4000-8000-000000000000';

test('an object is looked for with the job, or by its whole key under a prefix of the kind', async () => {
  const asked: string[] = [];
  const hasObject = async (key: string) => {
    asked.push(key);
    return !key.endsWith('gone.jpg');
  };
  const objects = ['quick/report.json', 'cameras/owner/yard/1.jpg', 'cameras/owner/yard/gone.jpg'];
  const there = await promisedObjects(jobId, [{ name: 'all', fields: [], objects }], hasObject, ['cameras/']);
  expect(asked.sort()).toEqual([
    'cameras/owner/yard/1.jpg',
    'cameras/owner/yard/gone.jpg',
    `jobs/${jobId}/quick/report.json`,
  ]);
  expect([...there].sort()).toEqual(['cameras/owner/yard/1.jpg', 'quick/report.json']);
});
