import { expect, test } from '@jest/globals';
import { type AnalysisContext, analyse } from '../../../../../src/kinds/technique/analysis/analyse.ts';
import type { Metric, MetricName } from '../../../../../src/kinds/technique/analysis/metrics/metric.ts';
import type { PoseSequence } from '../../../../../src/kinds/technique/analysis/pose-sequence.ts';
import { contextOf, film, type Posture, without } from '../stick-figure.ts';

function metric(name: MetricName, sequence: PoseSequence, options: AnalysisContext['options'] = {}) {
  return analyse(sequence, contextOf(sequence, options)).metrics[name];
}

const measured = (name: MetricName, sequence: PoseSequence, options: AnalysisContext['options'] = {}) =>
  (metric(name, sequence, options) as Metric).value;

const reasonOf = (name: MetricName, sequence: PoseSequence, options: AnalysisContext['options'] = {}) =>
  (metric(name, sequence, options) as { not_measurable: string }).not_measurable;

/** Slow enough that the low-pass leaves it as it is. */
const swing = (time: number) => Math.sin(2 * Math.PI * 0.5 * time);

test('a still figure: nothing moves, everything is 0 with full marks', () => {
  const still = film(60, () => ({}));
  for (const name of ['head_stability', 'balance_drift', 'knee_brace', 'hip_shoulder_separation'] as const) {
    expect(metric(name, still)).toMatchObject({ value: 0, score: 100, samples: 60, confidence: 0.9 });
  }
});

test('a head that sways by 0.2 torso lengths has a root mean square of 0.2/√2', () => {
  const sequence = film(120, (time) => ({ head: { x: 0.2 * swing(time), y: 0 } }));
  expect(measured('head_stability', sequence)).toBeCloseTo(0.2 / Math.SQRT2, 2);
});

test('a head carried along by a walking, leaning body is steady', () => {
  const sequence = film(120, (time) => ({ at: { x: 200 + 150 * time, y: 900 }, lean: 0.2 * swing(time) }));
  expect(measured('head_stability', sequence)).toBe(0);
});

test('a weight that wanders 0.3 torso lengths to each side is exceeded a tenth of the time at 0.3·sin(81°)', () => {
  const sequence = film(120, (time) => ({ lean: 0.3 * swing(time) }));
  expect(measured('balance_drift', sequence)).toBeCloseTo(0.3 * Math.sin((81 * Math.PI) / 180), 2);
});

test('a steady lean is no drift', () => {
  expect(
    measured(
      'balance_drift',
      film(60, () => ({ lean: 0.4 })),
    ),
  ).toBe(0);
});

test('the front knee is measured at its deepest on the standing foot, on the side that was chosen', () => {
  const once = (time: number) => ({ rightKnee: 10 + 25 * (1 - Math.cos(2 * Math.PI * 0.5 * time)) });
  const sequence = film(60, once);
  expect(measured('knee_brace', sequence, { front_side: 'right' })).toBeCloseTo(60, 0);
  expect(measured('knee_brace', sequence, { front_side: 'left' })).toBeCloseTo(0, 0);
});

test('a knee that bends while its foot swings through the air is no weak brace', () => {
  const step = (time: number): Posture =>
    time < 1 ? {} : { at: { x: 500 + 300 * (time - 1), y: 900 }, leftKnee: Math.min(80, 160 * (time - 1)) };
  const sequence = film(60, step);
  expect(measured('knee_brace', sequence, { front_side: 'left' })).toBeLessThan(10);
  expect(measured('knee_brace', sequence, { front_side: 'left', slow_motion_factor: 1 })).toBeLessThan(10);
});

test('the side that faces the camera is the one seen more surely, and the result says how it was chosen', () => {
  const sequence = film(40, () => ({}));
  for (const { keypoints } of sequence.frames)
    if (keypoints) for (const k of [5, 7, 11, 13, 15]) keypoints[k * 3 + 2] = 0.5;
  const context = contextOf(sequence);
  expect(analyse(sequence, context).front_side).toEqual({ side: 'right', chosen_by: 'camera' });
  expect(analyse(sequence, { ...context, options: { front_side: 'left' } }).front_side).toEqual({
    side: 'left',
    chosen_by: 'option',
  });
});

test.each([5, 20, 40])(
  'shoulders turned by %d° against the hips in the picture are measured as that',
  (degrees) => {
    expect(
      measured(
        'hip_shoulder_separation',
        film(40, () => ({ shoulderTilt: degrees })),
      ),
    ).toBeCloseTo(degrees, 1);
  },
);

test('from the side the separation is not measurable, and the reason says to film from the front', () => {
  const reason = reasonOf(
    'hip_shoulder_separation',
    film(40, () => ({ breadth: 0.2 })),
  );
  expect(reason).toMatch(/seen from the side.*0 of 40 frames.*front or from behind/);
});

test('a raised elbow 0.3 torso lengths under the shoulder has dropped by that', () => {
  expect(
    measured(
      'elbow_drop',
      film(40, () => ({ armsRaised: true, elbowDrop: 0.3 })),
    ),
  ).toBeCloseTo(0.3, 3);
  expect(
    measured(
      'elbow_drop',
      film(40, () => ({ armsRaised: true, elbowDrop: -0.1 })),
    ),
  ).toBeCloseTo(-0.1, 3);
});

test('arms that hang are no dropped elbows', () => {
  expect(
    reasonOf(
      'elbow_drop',
      film(40, () => ({})),
    ),
  ).toMatch(/no arm is raised/);
});

test('hidden ankles: what needs them is not measurable and says which frames are missing', () => {
  const hidden = without(
    without(
      film(40, () => ({})),
      'left_ankle',
      0,
      40,
    ),
    'right_ankle',
    0,
    40,
  );
  expect(reasonOf('balance_drift', hidden)).toMatch(
    /both ankles are seen together in only 0 frames; 10 are needed/,
  );
  expect(reasonOf('knee_brace', hidden)).toMatch(/ankle are seen well together in only 0 frames/);
  expect(measured('head_stability', hidden)).toBe(0);
});

test('in a sample spread over a long video foot contact is unknown, so the knee brace is not claimed', () => {
  const times = Array.from({ length: 150 }, (_, i) => i * 0.8);
  const sequence = film(150, () => ({ rightKnee: 50 }), { times });
  expect(reasonOf('knee_brace', sequence, { front_side: 'right' })).toMatch(
    /too far apart to tell when the right foot stands/,
  );
});

test('few frames and a sparse sample lower the confidence', () => {
  const confidence = (sequence: PoseSequence) => (metric('head_stability', sequence) as Metric).confidence;
  const full = confidence(film(60, () => ({})));
  expect(confidence(film(12, () => ({})))).toBeLessThan(full);
  expect(confidence(film(60, () => ({}), { times: Array.from({ length: 60 }, (_, i) => i) }))).toBeLessThan(
    full,
  );
  expect(confidence(film(60, () => ({ score: 0.5 })))).toBeLessThan(full);
});
