import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { UnreadableMedia } from '../../../../src/domain/errors.ts';
import { clipModule } from '../../../../src/kinds/camera/child/clip-module.ts';
import type { ClipTasks } from '../../../../src/kinds/camera/child/clip-tasks.ts';
import { openChildPool } from '../../../../src/media/child-pool.ts';
import { FrameReader } from '../../../../src/media/video/read-frames.ts';
import { indexVideo } from '../../../../src/media/video/video-index.ts';
import { encodeVideo } from '../../../support/media/encode-video.ts';
import { makeScratchFolder, type ScratchFolder } from '../../../support/media/scratch-folder.ts';
import { samplePath } from '../../../support/media/shipped.ts';
import { usualLimits } from '../../../support/media/usual-limits.ts';

const pool = openChildPool<ClipTasks>({ modules: [clipModule], size: 1, starts: 'with the first task' });
let folder: ScratchFolder;
beforeAll(async () => {
  folder = await makeScratchFolder();
});
afterAll(async () => {
  await pool.close();
  await folder.remove();
});

async function cut(path: string, from_s: number, to_s: number) {
  const out = folder.file('clip.mp4');
  const clip = await pool.run({ task: 'clip', path, from_s, to_s, out, fileName: 'yard.mp4' });
  return { ...clip, out };
}

/** Luma of the frames from `start_s` on, by their times. */
async function frames(path: string, start_s: number, end_s: number) {
  const seen: { time_s: number; luma: Buffer }[] = [];
  await using reader = await FrameReader.open({ path, fileName: path, limits: usualLimits }, () => {});
  for await (const { time_s, picture } of reader.segment(start_s, end_s))
    seen.push({ time_s, luma: Buffer.from(picture.luma.data as Uint8Array) });
  return seen;
}

test('a clip of a passage holds every frame of it as it was, from 3 s before it to 3 s after', async () => {
  const path = samplePath('people-one-by-one.mp4');
  const passage = { from: 50.2 - 3, to: 70.1 + 3 };
  const { out, from_s } = await cut(path, passage.from, passage.to);
  expect(from_s).toBeLessThanOrEqual(passage.from);
  const { keyframes_s } = await indexVideo(path, 'people', usualLimits, () => {});
  // Not the whole recording: the last keyframe before the passage.
  expect(from_s).toBe(Math.max(...keyframes_s.filter((key) => key <= passage.from)));

  const copied = await indexVideo(out, 'clip', usualLimits, () => {});
  expect(copied.timestamps_s[0]).toBe(0);
  expect(copied.keyframes_s[0]).toBe(0);
  expect(from_s + (copied.timestamps_s.at(-1) as number)).toBeGreaterThanOrEqual(passage.to - 0.11);
  expect(from_s + (copied.timestamps_s.at(-1) as number)).toBeLessThan(passage.to + 0.5);
  for (const moment of [from_s, 50.2, 60, 70.1]) {
    const [[original], [inClip]] = await Promise.all([
      frames(path, moment - 0.01, moment + 0.1),
      frames(out, moment - from_s - 0.01, moment - from_s + 0.1),
    ]);
    expect(inClip?.time_s).toBeCloseTo((original?.time_s as number) - from_s, 3);
    expect(original?.luma.equals(inClip?.luma as Buffer)).toBe(true);
  }
  // The index comes first, so that a player need not have all of it.
  const bytes = readFileSync(out);
  expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'));
});

test('frames that are shown before the first keyframe are left out, those after it are not', async () => {
  const path = folder.file('open.mp4');
  // Groups of pictures that are open: frames shown before a keyframe are stored after it, and need the group before.
  encodeVideo(path, {
    ...{ width: 64, height: 48, times_s: { frames: 100, fps: 10 }, keyframeEvery: 10, bFrames: 2 },
    encoderOptions: { preset: 'medium', 'x264-params': 'open-gop=1:scenecut=0:bframes=2:b-adapt=0' },
  });
  const { out, from_s } = await cut(path, 4.05, 6);
  const { timestamps_s } = await indexVideo(out, 'clip', usualLimits, () => {});
  expect(timestamps_s[0]).toBe(0);
  expect(timestamps_s.every((time, n) => n === 0 || time > (timestamps_s[n - 1] as number))).toBe(true);
  // Up to the end that was asked for; after it a frame may be there without the one before it.
  const seen = await frames(out, 0, 6.01 - from_s);
  const originals = await frames(path, from_s, 6.01);
  expect(from_s + (seen.at(-1)?.time_s as number)).toBeCloseTo(6, 3);
  const hash = ({ luma }: { luma: Buffer }) => createHash('sha256').update(luma).digest('hex');
  expect(seen.map(hash)).toEqual(originals.map(hash));
});

test.each([
  ['avi', { encoder: 'mpeg4' }],
  ['mkv', { bFrames: 2 }],
  ['ts', {}],
  ['webm', { encoder: 'libvpx-vp9', encoderOptions: { deadline: 'realtime', 'cpu-used': '8' } }],
])('a recording in %s is clipped, too, also from its beginning and past its end', async (ending, more) => {
  const path = folder.file(`recording.${ending}`);
  encodeVideo(path, { width: 64, height: 48, times_s: { frames: 60, fps: 10 }, keyframeEvery: 10, ...more });
  const { out, from_s } = await cut(path, -3, 60);
  expect(from_s).toBe(0);
  const { timestamps_s } = await indexVideo(out, 'clip', usualLimits, () => {});
  expect(timestamps_s[0]).toBe(0);
  expect(timestamps_s).toHaveLength(60);
  expect(await frames(out, 0, 100)).toHaveLength(60);
});

test('what MP4 cannot hold, and what is no video, is refused in our words', async () => {
  const path = folder.file('old.webm');
  encodeVideo(path, {
    ...{ width: 64, height: 48, times_s: { frames: 10, fps: 10 }, encoder: 'libvpx' },
    encoderOptions: { deadline: 'realtime', 'cpu-used': '8' },
  });
  const refused = await cut(path, 0, 1).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(UnreadableMedia);
  expect((refused as Error).message).toBe(
    'The video format of yard.mp4 cannot be put into an MP4 as it is, so there is no clip of it.',
  );
  const text = folder.file('text.mp4');
  writeFileSync(text, 'no video at all');
  await expect(cut(text, 0, 1)).rejects.toThrow(UnreadableMedia);
});
