import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  AV_PIX_FMT_BGR24,
  AV_PIX_FMT_YUV420P10LE,
  AV_PIX_FMT_YUV422P10LE,
  AV_PIX_FMT_YUVJ420P,
} from 'node-av/constants';
import { FrameReader } from '../../src/media/video/read-frames.ts';
import { indexVideo, type VideoIndex } from '../../src/media/video/video-index.ts';
import { encodeVideo, type VideoRecipe } from '../support/media/encode-video.ts';
import { loopVideo } from '../support/media/loop-video.ts';
import { makeScratchFolder, type ScratchFolder } from '../support/media/scratch-folder.ts';
import { samplePath } from '../support/media/shipped.ts';
import { usualLimits } from '../support/media/usual-limits.ts';

const second = { width: 160, height: 120, times_s: { frames: 30, fps: 30 }, keyframeEvery: 10 };
let scratch: ScratchFolder;

beforeAll(async () => {
  scratch = await makeScratchFolder();
});
afterAll(() => scratch.remove());

function index(path: string): Promise<VideoIndex> {
  return indexVideo(path, 'clip', usualLimits, () => {});
}

async function timesOf(path: string, walk: (reader: FrameReader) => AsyncGenerator<{ time_s: number }>) {
  await using reader = await FrameReader.open({ path, fileName: 'clip', limits: usualLimits }, () => {});
  const times: number[] = [];
  for await (const { time_s } of walk(reader)) times.push(time_s);
  return times;
}

const openGroups = {
  bFrames: 3,
  encoderOptions: { preset: 'medium', 'x264-params': 'open-gop=1:scenecut=0:b-adapt=0' },
};
const refresh = { encoderOptions: { 'x264-params': 'intra-refresh=1:keyint=10' } };
const real = { deadline: 'realtime', 'cpu-used': '8' };
const containers: [string, string, Partial<VideoRecipe>][] = [
  ['H.264 with reordered frames in MP4', 'reordered.mp4', { bFrames: 2 }],
  ['H.264 with open groups of pictures', 'open.mp4', openGroups],
  ['H.264 that refreshes bit by bit', 'refresh.mp4', refresh],
  ['HEVC of 10 bits', 'ten.mp4', { encoder: 'libx265', pixelFormat: AV_PIX_FMT_YUV420P10LE }],
  ['H.264 in MPEG-TS', 'stream.ts', { bFrames: 2 }],
  ['MPEG-2 in a program stream', 'program.mpg', { encoder: 'mpeg2video', bFrames: 2 }],
  ['MPEG-4 with reordered frames in AVI', 'reordered.avi', { encoder: 'mpeg4', bFrames: 2 }],
  ['Motion JPEG in AVI', 'jpeg.avi', { encoder: 'mjpeg', pixelFormat: AV_PIX_FMT_YUVJ420P }],
  ['VP9 in WebM', 'vp9.webm', { encoder: 'libvpx-vp9', encoderOptions: real }],
  ['VP8 in Matroska', 'vp8.mkv', { encoder: 'libvpx', encoderOptions: real }],
  ['ProRes in QuickTime', 'prores.mov', { encoder: 'prores_ks', pixelFormat: AV_PIX_FMT_YUV422P10LE }],
  ['raw pictures in AVI', 'raw.avi', { encoder: 'rawvideo', pixelFormat: AV_PIX_FMT_BGR24 }],
  ['sizes that are no multiple of 16', 'odd.mp4', { width: 102, height: 78 }],
  ['odd sizes', 'odd.webm', { width: 101, height: 77, encoder: 'libvpx-vp9', encoderOptions: real }],
  [
    'a variable frame rate',
    'varying.mp4',
    { times_s: [0, 0.03, 0.1, 0.5, 0.52, 1.9, 2, 2.01, 3.7], keyframeEvery: 3 },
  ],
];

test.each(containers)(
  '%s: one stretch, many stretches and samples find the same frames',
  async (_what, name, recipe) => {
    const path = scratch.file(name);
    encodeVideo(path, { ...second, ...recipe });
    const { timestamps_s, keyframes_s, frame_count } = await index(path);
    expect(frame_count).toBe(Array.isArray(recipe.times_s) ? recipe.times_s.length : 30);
    const whole = await timesOf(path, (reader) => reader.segment(0, 3600));
    expect(whole).toEqual(timestamps_s);
    const parts: number[] = [];
    for (const [n, start] of keyframes_s.entries()) {
      parts.push(...(await timesOf(path, (reader) => reader.segment(start, keyframes_s[n + 1] ?? 3600))));
    }
    expect(parts).toEqual(whole);
    const some = timestamps_s.filter((_, n) => n % 4 === 1 || n % 9 === 5);
    expect(await timesOf(path, (reader) => reader.samples(some))).toEqual(some);
  },
);

test('times come from the timestamps, not from counting frames', async () => {
  const times_s = [0, 0.04, 0.3, 0.31, 1.5];
  encodeVideo(scratch.file('vfr.mp4'), { ...second, times_s });
  expect(await index(scratch.file('vfr.mp4'))).toMatchObject({
    timestamps_s: times_s,
    variable_frame_rate: true,
  });
});

test('a looped clip has as many frames as asked, in even steps', async () => {
  loopVideo(samplePath('squats.mp4'), { times: 2 }, scratch.file('twice.mp4'));
  loopVideo(samplePath('squats.mp4'), { frames: 100 }, scratch.file('hundred.mp4'));
  const twice = await index(scratch.file('twice.mp4'));
  expect(twice).toMatchObject({ frame_count: 130, fps: 5, duration_s: 26, keyframes_s: [0, 13] });
  expect(twice.variable_frame_rate).toBe(false);
  expect((await index(scratch.file('hundred.mp4'))).frame_count).toBe(100);
});

test('samples decode from the keyframe before, not from the beginning', async () => {
  await using reader = await FrameReader.open(
    { path: samplePath('walk-and-jump.mp4'), fileName: 'clip', limits: usualLimits },
    () => {},
  );
  const times: number[] = [];
  for await (const { time_s } of reader.samples([2, 4, 6])) times.push(time_s);
  expect(times).toEqual([2, 4, 6]);
  expect(reader.counts.decoded_frames).toBeLessThan(10);
});
