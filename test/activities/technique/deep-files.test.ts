import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { readSegments } from '../../../src/activities/technique/deep-files.ts';
import { ObjectMissing } from '../../../src/domain/errors.ts';

const names = Array.from({ length: 90 }, (_, n) => `segment-${n}`);
const nameOf = (n: number) => names[n] as string;

/** The store's `get`, later keys answered sooner. */
function slowStore(missing?: string) {
  let asked = 0;
  return {
    asked: () => asked,
    async get(key: string) {
      const order = asked++;
      await sleep(3 - (order % 3));
      if (missing && key.endsWith(missing)) throw new ObjectMissing(key);
      return Buffer.from(key);
    },
  };
}

test('an hour of segments comes in order, and only a few are held at a time', async () => {
  const store = slowStore();
  const read: string[] = [];
  for await (const file of readSegments(store, 'job', names.length, nameOf)) {
    read.push(file.toString().split('/').at(-1) as string);
    expect(store.asked() - read.length).toBeLessThanOrEqual(4);
  }
  expect(read).toEqual(names);
});

test('a file that is missing is told of when its turn comes, and leaves nothing unheard', async () => {
  const store = slowStore('segment-3');
  const read: string[] = [];
  const reading = async () => {
    for await (const file of readSegments(store, 'job', 6, nameOf)) read.push(file.toString());
  };
  await expect(reading()).rejects.toThrow(ObjectMissing);
  expect(read).toHaveLength(3);
  for await (const _ of readSegments(store, 'job', 0, nameOf)) throw new Error('no segments, no files');
});
