import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { maintenanceNeeds } from '../../../src/activities/maintenance/maintenance-needs.ts';
import { makeSweepOrphans } from '../../../src/activities/maintenance/sweep-orphans.ts';
import { proofKinds } from '../../support/proof/definition.ts';
import { openRooms, type Rooms } from './rooms.ts';

let rooms: Rooms;
beforeAll(async () => {
  rooms = await openRooms('sweep-lasting');
});
afterAll(() => rooms.close());

/** The sweep of a kind that keeps objects under `proofs/`, and claims those that are named so. */
function openSweep() {
  const { database, store, client, taskQueue } = rooms;
  const asked: string[][] = [];
  const needs = maintenanceNeeds({
    ...{ database, store, client, taskQueue },
    recordsOf: () =>
      ({
        async whichKeysAreClaimed(keys: readonly string[]) {
          asked.push([...keys]);
          return new Set(keys.filter((key) => key.endsWith('/claimed')));
        },
      }) as never,
    log: { info() {}, warn() {}, error() {} },
  });
  const sweep = makeSweepOrphans({ ...needs, kinds: proofKinds });
  return { asked, run: (graceHours: number) => rooms.run(sweep, { grace_hours: graceHours }) };
}

test('objects that a kind keeps beyond its jobs are swept when no row of it claims them', async () => {
  const { asked, run } = openSweep();
  const claimed = await rooms.object('proofs/owner-1/yard/claimed');
  const left = await rooms.object('proofs/owner-1/yard/left');
  const foreign = await rooms.object('elsewhere/owner-1/left');
  await run(1);
  expect(asked).toEqual([]);
  // A grace of less than nothing stands for one that is over.
  await run(-1);
  expect(asked).toEqual([[claimed, left]]);
  expect(await rooms.keys('proofs/')).toEqual([claimed]);
  expect(await rooms.keys('elsewhere/')).toEqual([foreign]);
});

test('where nearly nothing is claimed the database is the wrong one, and nothing is swept', async () => {
  const keys = Array.from({ length: 101 }, (_, n) => `proofs/owner-2/yard/${n}`);
  await Promise.all(keys.map((key) => rooms.object(key)));
  await expect(openSweep().run(-1)).rejects.toThrow('No objects under proofs/ were swept');
  expect((await rooms.keys('proofs/owner-2/')).length).toBe(101);
});
