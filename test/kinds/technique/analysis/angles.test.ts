import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { flexion, jointAngleAt } from '../../../../src/kinds/technique/analysis/angles.ts';
import { cleanPose } from '../../../../src/kinds/technique/analysis/signal/clean-pose.ts';
import { film } from './stick-figure.ts';

const settings = { cutoff_hz: 6, slow_motion_factor: 1 };

test('a straight leg is 0°, a right angle 90°, a folded one 180°', () => {
  expect(flexion({ x: 0, y: 0 }, { x: 0, y: 1 }, { x: 0, y: 2 })).toBe(0);
  expect(flexion({ x: 0, y: 0 }, { x: 0, y: 1 }, { x: 1, y: 1 })).toBe(90);
  expect(flexion({ x: 0, y: 0 }, { x: 0, y: 1 }, { x: 0, y: 0 })).toBe(180);
});

test('where two keypoints coincide there is no angle', () => {
  expect(flexion({ x: 1, y: 1 }, { x: 1, y: 1 }, { x: 0, y: 2 })).toBeNull();
});

test('turning, moving and scaling the picture change no angle, mirroring neither', () => {
  const number = fc.double({ min: -500, max: 500, noNaN: true });
  const point = fc.record({ x: number, y: number });
  fc.assert(
    fc.property(
      point,
      point,
      point,
      fc.double({ min: 0.1, max: 10, noNaN: true }),
      number,
      (a, b, c, scale, turn) => {
        fc.pre(Math.hypot(a.x - b.x, a.y - b.y) > 1 && Math.hypot(c.x - b.x, c.y - b.y) > 1);
        const move = ({ x, y }: { x: number; y: number }) => ({
          x: -scale * (x * Math.cos(turn) - y * Math.sin(turn)) + 37,
          y: scale * (x * Math.sin(turn) + y * Math.cos(turn)) - 11,
        });
        expect(flexion(move(a), move(b), move(c))).toBeCloseTo(flexion(a, b, c) as number, 5);
      },
    ),
    { numRuns: 100 },
  );
});

test.each([0, 15, 45, 90, 120])('a knee held at %d° is measured as that, after all filters', (degrees) => {
  const pose = cleanPose(
    film(40, () => ({ leftKnee: degrees, rightKnee: degrees })),
    settings,
  );
  for (const i of [0, 20, 39]) {
    expect(jointAngleAt(pose, 'knee', 'left', i)).toBeCloseTo(degrees, 6);
    expect(jointAngleAt(pose, 'knee', 'right', i)).toBeCloseTo(degrees, 6);
  }
});

test('a standing figure has straight knees, and its hip is as straight as shoulder over hip over knee', () => {
  const pose = cleanPose(
    film(20, () => ({})),
    settings,
  );
  expect(jointAngleAt(pose, 'knee', 'left', 5)).toBeCloseTo(0, 6);
  expect(jointAngleAt(pose, 'hip', 'left', 5)).toBeCloseTo((Math.atan(0.15) * 180) / Math.PI, 6);
});
