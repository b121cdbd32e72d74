import { expect, test } from '@jest/globals';
import { analyse } from '../../../../../src/kinds/technique/analysis/analyse.ts';
import { attachEvidence } from '../../../../../src/kinds/technique/analysis/findings/attach-evidence.ts';
import { contextOf, film } from '../stick-figure.ts';

const swaying = film(120, (time) => ({
  head: { x: 0.4 * Math.sin(3 * time), y: 0 },
  lean: 0.6 * Math.sin(2 * time),
}));

test('frames to draw are ascending, each once, at most ten, with what they show as a caption', () => {
  const { worst_frames } = analyse(swaying, contextOf(swaying));
  const times = worst_frames.map(({ time_s }) => time_s);
  expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  expect(times.length).toBeLessThanOrEqual(10);
  expect(worst_frames.every(({ keypoints }) => keypoints.length === 51)).toBe(true);
  expect(
    worst_frames.some(({ caption }) => /^\d\.\d\d s {2}.*Steady head 0\.\d\d torso lengths/.test(caption)),
  ).toBe(true);
});

test('findings name the drawn frames by their keys; what was not drawn has none', () => {
  const { findings, worst_frames } = analyse(swaying, contextOf(swaying));
  const drawn = worst_frames
    .slice(1)
    .map(({ time_s }, i) => ({ time_s, artifact_key: `jobs/1/deep/evidence-0${i}.jpg` }));
  const frames = attachEvidence(findings, drawn).findings.flatMap(({ evidence }) => evidence.worst_frames);
  expect(frames.find(({ time_s }) => time_s === drawn[0]?.time_s)?.artifact_key).toBe(
    'jobs/1/deep/evidence-00.jpg',
  );
  expect(frames.find(({ time_s }) => time_s === worst_frames[0]?.time_s)?.artifact_key).toBeNull();
});
