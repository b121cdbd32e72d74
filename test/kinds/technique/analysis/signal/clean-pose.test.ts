import { expect, test } from '@jest/globals';
import type { PoseSequence } from '../../../../../src/kinds/technique/analysis/pose-sequence.ts';
import { cleanPose, pointAt, seenAt } from '../../../../../src/kinds/technique/analysis/signal/clean-pose.ts';
import { signalSummary } from '../../../../../src/kinds/technique/analysis/signal/signal-summary.ts';
import { film, without } from '../stick-figure.ts';

const settings = { cutoff_hz: 6, slow_motion_factor: 1 };
const summaryOf = (sequence: PoseSequence, over = {}) => {
  const pose = cleanPose(sequence, { ...settings, ...over });
  return signalSummary(pose, sequence.fps);
};
const sway = (time: number) => ({ at: { x: 500 + 60 * Math.sin(2 * Math.PI * 0.8 * time), y: 900 } });

test('at 5 frames a second nothing is filtered, and the result says why', () => {
  const summary = summaryOf(film(65, sway, { fps: 5 }));
  expect(summary.low_pass).toBeNull();
  expect(summary.not_filtered).toMatch(/5 frames for each second of movement can show nothing above 2.5 Hz/);
});

test('slow motion: eight times slowed down, 6 Hz of life are 0.75 Hz of video', () => {
  const summary = summaryOf(film(240, sway), { slow_motion_factor: 8 });
  expect(summary.effective_rate_hz).toBe(240);
  expect(summary.low_pass).toMatchObject({ cutoff_hz: 6, cutoff_in_video_hz: 0.75 });
});

test('slow motion makes a 5 fps video filterable again', () => {
  expect(summaryOf(film(65, sway, { fps: 5 }), { slow_motion_factor: 4 }).low_pass).not.toBeNull();
});

test('a sample of frames spread over the video is neither joined nor filtered, and it says so', () => {
  const summary = summaryOf(
    film(40, sway, { fps: 30, times: Array.from({ length: 40 }, (_, i) => i * 0.7) }),
  );
  expect(summary).toMatchObject({ sampling: 'samples', outliers: null, low_pass: null, bridged: 0 });
  expect(summary.not_filtered).toMatch(/only 40 frames/);
});

test('every second frame is a series at half the rate', () => {
  const summary = summaryOf(
    film(100, sway, { fps: 30, times: Array.from({ length: 100 }, (_, i) => i / 15) }),
  );
  expect(summary).toMatchObject({ sampling: 'every_nth_frame', stride: 2, effective_rate_hz: 15 });
  expect(summary.low_pass).not.toBeNull();
});

test('a keypoint under 0.3 does not count and is bridged; one at 0.3 counts', () => {
  const sequence = film(60, (_, i) => ({ score: i === 30 ? 0.29 : i === 31 ? 0.3 : 0.9 }));
  const pose = cleanPose(sequence, settings);
  expect(seenAt(pose, ['nose'], 30)).toBe(false);
  expect(pointAt(pose, 'nose', 30)).not.toBeNull();
  expect(seenAt(pose, ['nose'], 31)).toBe(true);
});

test('over 100 frames without the person the keypoints are gone, not guessed', () => {
  const sequence = film(200, (_, i) => (i >= 40 && i < 141 ? null : {}));
  const pose = cleanPose(sequence, settings);
  expect(pointAt(pose, 'nose', 39)).not.toBeNull();
  for (let i = 40; i < 141; i++) expect(pointAt(pose, 'nose', i)).toBeNull();
  expect(signalSummary(pose, 30).splits).toBe(17);
});

test('frames at uneven times: a sway is recovered where it was, though the grid is not', () => {
  const times = Array.from({ length: 240 }, (_, i) => i / 30 + (i % 3 === 1 ? 0.012 : 0));
  const sequence = film(240, sway, { fps: 30, times });
  const pose = cleanPose(sequence, settings);
  expect(signalSummary(pose, 30).low_pass?.resampled).toBe(true);
  for (let i = 10; i < 230; i++) {
    expect(pointAt(pose, 'left_ankle', i)?.x).toBeCloseTo(
      500 + 25 + 60 * Math.sin(2 * Math.PI * 0.8 * (times[i] as number)),
      0,
    );
  }
});

test('noise of 3 pixels shrinks by a quarter or more, and an outlier does not leak into its neighbours', () => {
  let state = 7;
  const noise = () => {
    state = (state * 16807) % 2147483647;
    return (state / 2147483647 - 0.5) * 6 * Math.sqrt(3);
  };
  const clean = film(300, sway);
  const noisy = {
    ...clean,
    frames: clean.frames.map((frame, i) => ({
      ...frame,
      keypoints:
        frame.keypoints?.map((v, k) => (k % 3 === 2 ? v : i === 150 && k < 2 ? 5000 : v + noise())) ?? null,
    })),
  };
  const pose = cleanPose(noisy, settings);
  let [before, after] = [0, 0];
  for (let i = 0; i < 300; i++) {
    const truth = clean.frames[i]?.keypoints?.[0] as number;
    if (i !== 150) before += ((noisy.frames[i]?.keypoints?.[0] as number) - truth) ** 2;
    after += ((pointAt(pose, 'nose', i)?.x as number) - truth) ** 2;
  }
  expect(Math.sqrt(before / 299)).toBeGreaterThan(2.5);
  expect(Math.sqrt(after / 300)).toBeLessThan(Math.sqrt(before / 299) * 0.75);
  expect(
    Math.abs((pointAt(pose, 'nose', 150)?.x as number) - (clean.frames[150]?.keypoints?.[0] as number)),
  ).toBeLessThan(8);
});

test('one hidden keypoint does not take the others along', () => {
  const pose = cleanPose(
    without(
      film(60, () => ({})),
      'left_wrist',
      0,
      60,
    ),
    settings,
  );
  expect(pointAt(pose, 'left_wrist', 10)).toBeNull();
  expect(seenAt(pose, ['right_wrist', 'left_elbow'], 10)).toBe(true);
});
