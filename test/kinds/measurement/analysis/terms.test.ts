import { expect, test } from '@jest/globals';
import { termOf } from '../../../../src/kinds/measurement/analysis/confidence/terms.ts';

test('a term tells what to do only where there is something to do', () => {
  const good = termOf('resolution', 5000);
  expect([good.score, good.why]).toEqual([1, "The object's shorter side is 5000 pixels long."]);
  const poor = termOf('resolution', 20);
  expect(poor.score).toBeLessThan(1);
  expect(poor.why).toMatch(/20 pixels long\. Go nearer\.$/);
});
