import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { analyse, type TechniqueResult } from '../../../../src/kinds/technique/analysis/analyse.ts';
import { type MetricName, metricNames } from '../../../../src/kinds/technique/analysis/metrics/metric.ts';
import type { PoseSequence } from '../../../../src/kinds/technique/analysis/pose-sequence.ts';
import { writeReport } from '../../../../src/kinds/technique/analysis/report/write-report.ts';
import { levels } from '../../../../src/kinds/technique/finding.ts';
import { contextOf, film, transformed } from './stick-figure.ts';

const run = (sequence: PoseSequence, options = {}) => analyse(sequence, contextOf(sequence, options));

/** A player who does a bit of everything, and now and then goes missing. */
const busy = film(120, (time, i) =>
  i % 37 === 5
    ? null
    : {
        at: { x: 500 + 20 * Math.sin(time), y: 900 },
        leftKnee: 30 + 25 * Math.sin(2 * time),
        rightKnee: 20 + 15 * Math.sin(3 * time),
        shoulderTilt: 15 * Math.sin(1.7 * time),
        head: { x: 0.1 * Math.sin(4 * time), y: 0.05 * Math.sin(5 * time) },
        elbowDrop: 0.2 + 0.1 * Math.sin(time),
        armsRaised: time > 2,
      },
);

function valuesOf({ metrics }: TechniqueResult): Record<string, number | undefined> {
  return Object.fromEntries(
    metricNames.map((name) => {
      const metric = metrics[name];
      return [name, 'value' in metric ? metric.value : undefined];
    }),
  );
}

test('where the person stands, how large, and in a mirror: the metrics are the same', () => {
  const expected = valuesOf(run(busy));
  expect(Object.values(expected).every((value) => value !== undefined)).toBe(true);
  const number = fc.double({ min: -3000, max: 3000, noNaN: true });
  fc.assert(
    fc.property(
      number,
      number,
      fc.double({ min: 0.2, max: 5, noNaN: true }),
      fc.boolean(),
      (dx, dy, scale, mirror) => {
        const moved = transformed(
          busy,
          (x) => (mirror ? -1 : 1) * x * scale + dx,
          (y) => y * scale + dy,
        );
        for (const [name, value] of Object.entries(valuesOf(run(moved))))
          expect(value).toBeCloseTo(expected[name] as number, 1);
      },
    ),
    { numRuns: 15 },
  );
});

const anyNumber = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -2000, max: 4000, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, Number.NaN, Number.POSITIVE_INFINITY, -1e300, 1e300) },
);
const anyFrame = fc.option(
  fc.array(fc.tuple(anyNumber, anyNumber, fc.double({ min: 0, max: 1 })), { minLength: 17, maxLength: 17 }),
);
const anySequence = fc.record({
  frames: fc.array(anyFrame, { maxLength: 40 }),
  fps: fc.constantFrom(0, 1, 5, 25, 29.97, 240),
  every: fc.constantFrom(0, 1, 1, 1, 3, 50),
});

test('whatever keypoints hold, no NaN, no infinity and no error comes out, and there is always a finding', () => {
  fc.assert(
    fc.property(anySequence, ({ frames, fps, every }) => {
      const sequence: PoseSequence = {
        width: 640,
        height: 480,
        fps,
        frames: frames.map((points, i) => ({
          time_s: (i * every) / (fps || 10),
          keypoints: points ? points.flat() : null,
        })),
      };
      const result = run(sequence);
      allFinite(result);
      expect(result.findings.findings.length).toBeGreaterThan(0);
      expect(writeReport(result, { file_name: 'x.mp4' }).text).not.toMatch(/NaN|undefined|Infinity/);
    }),
    { numRuns: 150 },
  );
});

function allFinite(value: unknown, path = ''): void {
  if (path.startsWith('.worst_frames')) return;
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${path} is ${value}`);
  if (value && typeof value === 'object')
    for (const [key, inner] of Object.entries(value)) allFinite(inner, `${path}.${key}`);
}

test('under 30 % of the frames: the findings give the numbers, and no metric is invented', () => {
  const { metrics, findings, repetitions, worst_frames } = run(film(100, (_, i) => (i < 29 ? {} : null)));
  expect(findings.overall_level).toBe('high');
  expect(findings.findings).toHaveLength(1);
  expect(findings.findings[0]).toMatchObject({
    metric: 'coverage',
    level: 'high',
    evidence: { value: 29, threshold: { high: 30 } },
  });
  expect(findings.findings[0]?.message).toMatch(/29 of 100 frames \(29 %\)/);
  for (const name of metricNames) {
    expect(metrics[name]).toEqual({ not_measurable: expect.stringMatching(/29 of 100 frames \(29 %\)/) });
  }
  expect(repetitions.count).toBeNull();
  expect(worst_frames).toEqual([]);
});

test('at exactly 30 % it measures, and warns that much was not seen', () => {
  const { metrics, findings } = run(film(100, (_, i) => (i < 30 ? {} : null)));
  expect('value' in metrics.head_stability).toBe(true);
  expect(findings.findings.find(({ metric }) => metric === 'coverage')?.level).toBe('medium');
});

test('an empty sequence is a finding, not an error', () => {
  const { findings } = run(film(0, () => null));
  expect(findings.findings[0]?.message).toMatch(/0 of 0 frames/);
});

test('worst frames lie within the time range, were seen, and are far enough apart to differ', () => {
  const { findings, worst_frames } = run(busy, {
    thresholds: { head_stability: { medium: 0.01, high: 0.02 } },
  });
  for (const { evidence } of findings.findings) {
    const times = evidence.worst_frames.map(({ time_s }) => time_s);
    for (const time of times) {
      expect(time).toBeGreaterThanOrEqual(evidence.time_range_s?.start as number);
      expect(time).toBeLessThanOrEqual(evidence.time_range_s?.end as number);
      expect(busy.frames.find(({ time_s }) => Math.abs(time_s - time) < 1e-4)?.keypoints).not.toBeNull();
    }
    expect(worst_frames.map(({ time_s }) => time_s)).toContain(times[0]);
    for (const [k, time] of times.entries()) {
      for (const other of times.slice(k + 1)) expect(Math.abs(time - other)).toBeGreaterThanOrEqual(0.5);
    }
  }
  expect(
    findings.findings.find(({ metric }) => metric === 'head_stability')?.evidence.worst_frames,
  ).toHaveLength(3);
});

test('the gravest finding comes first and makes the overall level', () => {
  const { findings } = run(busy, { thresholds: { elbow_drop: { medium: 0.01, high: 0.02 } } });
  const order = findings.findings.map(({ level }) => levels.indexOf(level));
  expect(order).toEqual([...order].sort((a, b) => b - a));
  expect(findings.overall_level).toBe('high');
});

test('milder thresholds never make a finding graver', () => {
  const limit = fc.double({ min: 0, max: 0.5, noNaN: true });
  fc.assert(
    fc.property(limit, limit, limit, (medium, step, milder) => {
      const levelAt = (shift: number) => {
        const thresholds = { head_stability: { medium: medium + shift, high: medium + step + shift } };
        const { findings } = run(busy, { thresholds }).findings;
        return levels.indexOf(findings.find(({ metric }) => metric === 'head_stability')?.level ?? 'low');
      };
      expect(levelAt(milder)).toBeLessThanOrEqual(levelAt(0));
    }),
    { numRuns: 20 },
  );
});

test('with high below medium, small values are the worse ones', () => {
  const wanted = { thresholds: { hip_shoulder_separation: { medium: 30, high: 20 } } };
  const find = (sequence: PoseSequence) =>
    run(sequence, wanted).findings.findings.find(
      ({ metric }) => metric === ('hip_shoulder_separation' as MetricName),
    );
  expect(find(film(40, () => ({ shoulderTilt: 10 })))).toMatchObject({
    level: 'high',
    message: expect.stringMatching(/less than was asked/),
  });
  expect(find(film(40, () => ({ shoulderTilt: 25 })))?.level).toBe('medium');
  expect(find(film(40, () => ({ shoulderTilt: 40 })))?.level).toBe('low');
});

test('the same input gives the same bytes, also out of order and with frames twice', () => {
  const once = JSON.stringify(run(busy));
  expect(JSON.stringify(run(structuredClone(busy)))).toBe(once);
  const shuffled = { ...busy, frames: [...busy.frames, ...busy.frames.slice(0, 50)].reverse() };
  expect(JSON.stringify(analyse(shuffled, contextOf(busy)))).toBe(once);
});

test('re-analysis: other thresholds change levels and not values; cut-off and slow motion change values; each is in the provenance', () => {
  const plain = run(busy);
  const strict = run(busy, { thresholds: { head_stability: { medium: 0.001, high: 0.002 } } });
  expect(valuesOf(strict)).toEqual(valuesOf(plain));
  expect(strict.findings.overall_level).toBe('high');
  const smooth = run(busy, { cutoff_hz: 1, slow_motion_factor: 2 });
  expect(valuesOf(smooth)).not.toEqual(valuesOf(plain));
  expect(smooth.provenance.parameters).toMatchObject({
    cutoff_hz: 1,
    slow_motion_factor: 2,
    front_side: 'auto',
  });
});
