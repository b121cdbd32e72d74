import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { analyse } from '../../../../src/kinds/technique/analysis/analyse.ts';
import type { PoseSequence } from '../../../../src/kinds/technique/analysis/pose-sequence.ts';
import { contextOf, type Film, film, type Posture, transformed } from './stick-figure.ts';

const squat =
  (degrees: number, seconds: number) =>
  (time: number): Posture => {
    const knee = (degrees / 2) * (1 - Math.cos((2 * Math.PI * time) / seconds));
    return { leftKnee: knee, rightKnee: knee };
  };
const run = (sequence: PoseSequence, options = {}) => analyse(sequence, contextOf(sequence, options));

test.each([1, 2, 3, 7])('%d squats are counted as that many, each with its depth and its times', (count) => {
  const { repetitions, peak_knee_flexion_deg } = run(film(count * 90, squat(85, 3)));
  expect(repetitions.count).toBe(count);
  expect(peak_knee_flexion_deg).toBeCloseTo(85, 0);
  for (const [k, { start_s, peak_s, end_s, peak_flexion_deg }] of repetitions.items.entries()) {
    expect(peak_s).toBeCloseTo(3 * k + 1.5, 1);
    expect(start_s).toBeGreaterThanOrEqual(3 * k);
    expect(end_s).toBeLessThanOrEqual(3 * k + 3);
    expect(peak_flexion_deg).toBeCloseTo(85, 0);
  }
});

test.each(['left', 'right'] as const)(
  'the larger flexion of a repetition is told with its knee: %s',
  (side) => {
    const lopsided = (time: number): Posture => {
      const knee = (85 / 2) * (1 - Math.cos((2 * Math.PI * time) / 3));
      return {
        leftKnee: side === 'left' ? knee : 0.8 * knee,
        rightKnee: side === 'left' ? 0.8 * knee : knee,
      };
    };
    const { items } = run(film(180, lopsided)).repetitions;
    expect(items.map(({ peak_flexion_side }) => peak_flexion_side)).toEqual([side, side]);
    expect(items[0]?.peak_flexion_deg).toBeCloseTo(85, 0);
  },
);

test('a video cut off on the way up still counts that repetition', () => {
  expect(run(film(240, squat(85, 3))).repetitions.count).toBe(3);
});

test('strides, in which the knees bend in turn, are no repetitions', () => {
  const stride = (time: number): Posture => ({
    leftKnee: 45 + 45 * Math.sin(2 * Math.PI * time),
    rightKnee: 45 - 45 * Math.sin(2 * Math.PI * time),
  });
  expect(run(film(240, stride)).repetitions.count).toBe(0);
});

test('trembling and shallow dips are no repetitions', () => {
  expect(run(film(240, squat(25, 3))).repetitions.count).toBe(0);
  expect(run(film(240, squat(60, 0.4))).repetitions.count).toBe(0);
});

test('a repetition during which the person is out of sight is not claimed', () => {
  const hidden = (time: number) => (time > 3.8 && time < 5.2 ? null : squat(85, 3)(time));
  expect(run(film(270, hidden)).repetitions.count).toBe(2);
});

test('a sample of frames counts nothing and says so', () => {
  const sparse = film(100, squat(85, 3), { times: Array.from({ length: 100 }, (_, i) => i * 0.7) });
  expect(run(sparse).repetitions).toEqual({
    count: null,
    items: [],
    not_counted: 'only a sample of the frames was looked at',
  });
});

test('bending that is the exercise is not judged as a weak brace, unless thresholds for it were given', () => {
  const sequence = film(270, squat(85, 3));
  const judged = run(sequence).findings.findings.find(({ metric }) => metric === 'knee_brace');
  expect(judged).toMatchObject({ level: 'low', evidence: { threshold: null } });
  expect(judged?.message).toMatch(/85° in 3 repetitions/);
  const strict = run(sequence, { thresholds: { knee_brace: { medium: 30, high: 45 } } });
  expect(strict.findings.findings.find(({ metric }) => metric === 'knee_brace')?.level).toBe('high');
});

/** BlazePose's 33 landmarks, of which these are COCO's 17. */
const cocoOfBlazePose = [0, 2, 5, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28];

function referenceSquats(): Film {
  const file = new URL('../../../../samples/squats.reference-landmarks.json', import.meta.url);
  const landmarks: number[][][] = JSON.parse(readFileSync(file, 'utf8'));
  return {
    width: 720,
    height: 1280,
    fps: 5,
    frames: landmarks.map((frame, i) => ({
      time_s: i / 5,
      keypoints: cocoOfBlazePose.flatMap((k) => [frame[k]?.[0] ?? 0, frame[k]?.[1] ?? 0, 0.9]),
    })),
  };
}

test('the reference landmarks of squats.mp4: three repetitions, 87.1° in the right knee', () => {
  const { repetitions, knee_peaks, peak_knee_flexion_deg } = run(referenceSquats());
  expect(repetitions.count).toBe(3);
  expect(knee_peaks.right).toEqual({ flexion_deg: 87.1, time_s: 7 });
  expect(Math.abs((peak_knee_flexion_deg ?? 0) - 87.1)).toBeLessThanOrEqual(8);
});

test('seen in a mirror it is the same', () => {
  const squats = referenceSquats();
  const mirrored = transformed(
    squats,
    (x) => 720 - x,
    (y) => y,
  );
  expect(run(mirrored).repetitions).toEqual(run(squats).repetitions);
});
