import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { technique } from '../../../../src/domain/kinds/technique.ts';
import { metricNames } from '../../../../src/kinds/technique/analysis/metrics/metric.ts';
import { levelOf, scoreOf, thresholdsFor } from '../../../../src/kinds/technique/analysis/thresholds.ts';

test('every metric has thresholds with a unit, a source and a reason, marked as heuristics', () => {
  const file = new URL('../../../../src/kinds/technique/analysis/thresholds.json', import.meta.url);
  const shipped = JSON.parse(readFileSync(file, 'utf8'));
  expect(shipped.heuristic).toBe(true);
  expect(Object.keys(shipped.metrics)).toEqual([...metricNames]);
  for (const name of metricNames) {
    expect(shipped.metrics[name].source.length).toBeGreaterThan(20);
    expect(shipped.metrics[name].reasoning.length).toBeGreaterThan(20);
    expect(shipped.metrics[name].high).toBeGreaterThan(shipped.metrics[name].medium);
  }
});

test('a threshold of the job stands in for the shipped one, the others stay', () => {
  const own = thresholdsFor({ knee_brace: { medium: 5, high: 10 } });
  expect(own.metrics.knee_brace).toEqual({ medium: 5, high: 10 });
  expect(own.metrics.elbow_drop).toEqual(thresholdsFor().metrics.elbow_drop);
  expect(own.chosen).toEqual(['knee_brace']);
});

test('a misspelt metric is refused at the door instead of ignored', () => {
  expect(technique.options.safeParse({ thresholds: { knee_brace: { medium: 1, high: 2 } } }).success).toBe(
    true,
  );
  const refused = technique.options.safeParse({ thresholds: { kneebrace: { medium: 1, high: 2 } } });
  expect(refused.error?.issues[0]?.message).toMatch(/kneebrace/);
});

test('levels begin at their threshold, in either direction', () => {
  const [up, down] = [
    { medium: 1, high: 2 },
    { medium: 2, high: 1 },
  ];
  expect([0.9, 1, 1.9, 2, 3].map((value) => levelOf(value, up))).toEqual([
    'low',
    'medium',
    'medium',
    'high',
    'high',
  ]);
  expect([2.1, 2, 1.1, 1, 0].map((value) => levelOf(value, down))).toEqual([
    'low',
    'medium',
    'medium',
    'high',
    'high',
  ]);
});

test('the score is 67 at the medium threshold, 33 at the high one, and stays within 0 and 100', () => {
  const threshold = { medium: 0.1, high: 0.3 };
  expect([-5, 0.1, 0.2, 0.3, 9].map((value) => scoreOf(value, threshold))).toEqual([100, 67, 50, 33, 0]);
  expect(scoreOf(1, { medium: 1, high: 1 })).toBe(67);
});
