import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readOutcome } from '../../../src/activities/measurement/read-outcome.ts';
import { ObjectChanged } from '../../../src/domain/errors.ts';
import { openStore } from '../../../src/storage/open-store.ts';
import { createTestBucket } from '../../support/servers.ts';

let bucket: Awaited<ReturnType<typeof createTestBucket>>;
beforeAll(async () => {
  bucket = await createTestBucket();
});
afterAll(() => bucket.remove());

test('an outcome is read as it was written, or not at all', async () => {
  const store = openStore({ bucket: bucket.name, forcePathStyle: true });
  const key = 'jobs/1/measuring/outcome.json';
  const write = (confidence: number) =>
    store.put(key, JSON.stringify({ confidence }), { mediaType: 'application/json' });
  const { sha256 } = await write(0.8);
  expect(await readOutcome(store, { key, sha256 })).toEqual({ confidence: 0.8 });
  await write(0.9);
  await expect(readOutcome(store, { key, sha256 })).rejects.toThrow(ObjectChanged);
});
