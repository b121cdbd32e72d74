import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chooseChild } from '../../chaos/victim.ts';

const child = fc.record({ pid: fc.nat(), worker: fc.nat(1), busy: fc.boolean() });
const choice = fc.record({
  worker: fc.nat(1),
  nth: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});

test('one at work is killed before an idle one, and then one of the drawn worker', () => {
  fc.assert(
    fc.property(fc.uniqueArray(child, { selector: ({ pid }) => pid }), choice, (children, drawn) => {
      const killed = chooseChild(children, drawn);
      expect(killed === undefined).toBe(children.length === 0);
      if (!killed) return;
      expect(children).toContain(killed);
      expect(killed.busy).toBe(children.some(({ busy }) => busy));
      const likewise = children.filter(({ busy }) => busy === killed.busy);
      if (likewise.some(({ worker }) => worker === drawn.worker)) expect(killed.worker).toBe(drawn.worker);
    }),
  );
});

test('whichever it is, some draw kills it', () => {
  const children = Array.from({ length: 5 }, (_, pid) => ({ pid, worker: 1, busy: true }));
  const killed = [0, 0.2, 0.4, 0.6, 0.999].map((nth) => chooseChild(children, { worker: 1, nth })?.pid);
  expect(killed).toEqual([0, 1, 2, 3, 4]);
});
