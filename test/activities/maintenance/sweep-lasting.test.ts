import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { maintenanceNeeds } from '../../../src/activities/maintenance/maintenance-needs.ts';
import { makeSweepOrphans } from '../../../src/activities/maintenance/sweep-orphans.ts';
import { StorageRefused } from '../../../src/domain/errors.ts';
import { kindRegistry } from '../../../src/domain/kind-registry.ts';
import { kinds } from '../../../src/domain/kinds/index.ts';
import { proof } from '../../support/proof/definition.ts';
import { openRooms, type Rooms } from './rooms.ts';

let rooms: Rooms;
beforeAll(async () => {
  rooms = await openRooms('sweep-lasting');
});
afterAll(() => rooms.close());

/** Two kinds that keep objects beyond their jobs: the first under `proofs/`, the second under `papers/`. */
const twoKinds = kindRegistry([
  ...kinds.all,
  proof,
  { ...proof, kind: 'paper', settings: undefined, lastingPrefixes: ['papers/'] },
]);

interface Given {
  /** S3 refuses to list what lies below it, as a policy may have it. */
  refused?: string;
  /** What the first kind's rows are asked. */
  ask?: () => void;
}

/** The sweep of the two, each of which claims what is named so. */
function openSweep({ refused, ask }: Given = {}) {
  const { database, store, client, taskQueue } = rooms;
  const asked: string[][] = [];
  const logged: object[] = [];
  const refusal = () => new StorageRefused(refused ?? '', `S3 refuses to list ${refused}.`);
  const needs = maintenanceNeeds({
    ...{ database, client, taskQueue },
    store: {
      ...store,
      async *list(prefix) {
        if (prefix === refused) throw refusal();
        yield* store.list(prefix);
      },
      async abortUnfinished(prefix, options) {
        if (prefix === refused) throw refusal();
        return store.abortUnfinished(prefix, options);
      },
    },
    recordsOf: (kind) =>
      ({
        async whichKeysAreClaimed(keys: readonly string[]) {
          if (kind === 'proof') ask?.();
          asked.push([...keys]);
          return new Set(keys.filter((key) => key.endsWith('/claimed')));
        },
      }) as never,
    log: { info() {}, warn() {}, error: (fields) => void logged.push(fields) },
  });
  const sweep = makeSweepOrphans({ ...needs, kinds: twoKinds });
  return {
    asked,
    logged,
    run: (graceHours: number) =>
      rooms.run(sweep, { grace_hours: graceHours, upload_grace_hours: graceHours }),
  };
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

test.each([
  ['refuses its folder', { refused: 'proofs/' }, /S3 refused one thing: S3 refuses to list proofs/],
  [
    'has an object of it gone',
    {
      ask() {
        throw new StorageRefused('proofs/x', 'S3 refuses proofs/x.');
      },
    },
    /S3 refuses proofs\/x/,
  ],
  [
    'is asked what its rows cannot tell',
    {
      ask() {
        throw new RangeError('no such column');
      },
    },
    /no such column/,
  ],
] satisfies [string, Given, RegExp][])(
  'where S3 or the database %s, the next kind is swept all the same',
  async (_how, given, words) => {
    const ofFirst = await rooms.object('proofs/owner-3/left');
    await rooms.object('papers/owner-3/left');
    const { run, logged } = openSweep(given);
    await expect(run(-1)).rejects.toThrow(words);
    expect(await rooms.keys('papers/')).toEqual([]);
    expect(await rooms.keys('proofs/owner-3/')).toEqual([ofFirst]);
    expect(logged).toHaveLength(1);
    await rooms.store.deleteKeys([ofFirst]);
  },
);

test('where nearly nothing of a kind is claimed its rows are lost, and nothing of it is swept', async () => {
  const keys = Array.from({ length: 101 }, (_, n) => `proofs/owner-2/yard/${n}`);
  await Promise.all(keys.map((key) => rooms.object(key)));
  await rooms.object('papers/owner-2/left');
  await expect(openSweep().run(-1)).rejects.toThrow('No objects under proofs/ were swept');
  expect((await rooms.keys('proofs/owner-2/')).length).toBe(101);
  expect(await rooms.keys('papers/')).toEqual([]);
});
