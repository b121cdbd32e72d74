import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { Backoff } from '../../../../src/kinds/camera/live/backoff.ts';
import { ChangeQueue } from '../../../../src/kinds/camera/live/change-queue.ts';
import type { LiveChange } from '../../../../src/kinds/camera/live/live-change.ts';

const change = (change: string, key: string, n = 0) =>
  ({ change, event: { key }, picture: `${n}.jpg` }) as LiveChange;
const told = (changes: readonly LiveChange[]) =>
  changes.map((one) => ('event' in one ? `${one.change} ${one.event.key} ${one.picture}` : one.change));

test('changes are handed over one after another; of waiting updates of an event only the last', async () => {
  const taken: LiveChange[] = [];
  const doors: (() => void)[] = [];
  const queue = new ChangeQueue(
    (one) => {
      taken.push(one);
      return new Promise((resolve) => doors.push(resolve));
    },
    () => {},
  );
  queue.push(change('opened', 'a'));
  for (let n = 1; n <= 1000; n++) {
    queue.push(change('updated', 'a', n));
    queue.push({ change: 'position', position: { sequence: n, segment: '' } });
  }
  queue.push(change('opened', 'b'));
  queue.push(change('updated', 'a', 1001));
  queue.push(change('closed', 'a', 1002));
  const settled = queue.settled();
  while (doors.length > 0) {
    doors.shift()?.();
    await turn();
  }
  await settled;
  expect(told(taken)).toEqual([
    'opened a 0.jpg',
    'position',
    'opened b 0.jpg',
    'updated a 1001.jpg',
    'closed a 1002.jpg',
  ]);
});

test('after one that is not taken none is handed over', async () => {
  const failures: unknown[] = [];
  const error = new Error('the database is away');
  let tries = 0;
  const queue = new ChangeQueue(
    async () => {
      tries++;
      throw error;
    },
    (failure) => failures.push(failure),
  );
  queue.push(change('opened', 'a'));
  queue.push(change('closed', 'a'));
  await expect(queue.settled()).rejects.toBe(error);
  queue.push(change('opened', 'b'));
  await expect(queue.settled()).rejects.toBe(error);
  expect([tries, failures]).toEqual([1, [error]]);
});

test('pauses grow from a second to what leaves time to open a stream within a minute, and begin anew after a good one', () => {
  const backoff = new Backoff();
  expect([0, 0, 3, 0, 0, 0, 0, 0, 59].map((read_s) => backoff.next(read_s))).toEqual([
    1, 2, 4, 8, 16, 32, 55, 55, 55,
  ]);
  expect([60, 0].map((read_s) => backoff.next(read_s))).toEqual([1, 2]);
});
