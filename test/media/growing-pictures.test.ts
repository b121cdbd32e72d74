import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AV_PIX_FMT_YUVJ420P } from 'node-av/constants';
import { TooLarge } from '../../src/domain/errors.ts';
import { FrameReader } from '../../src/media/video/read-frames.ts';
import { encodeVideo, type VideoRecipe } from '../support/media/encode-video.ts';
import { joinVideos } from '../support/media/join-videos.ts';
import { makeScratchFolder, type ScratchFolder } from '../support/media/scratch-folder.ts';

let scratch: ScratchFolder;
beforeAll(async () => {
  scratch = await makeScratchFolder();
});
afterAll(() => scratch.remove());

const small = { width: 160, height: 120 };
const grown = { width: 1280, height: 960 };
const times_s = { frames: 12, fps: 30 };

/** Half a second small, half a second grown. */
function growing(name: string, recipe: Partial<VideoRecipe>): string {
  const [before, after] = [scratch.file(`small-${name}`), scratch.file(`grown-${name}`)];
  encodeVideo(before, { ...small, times_s, ...recipe });
  encodeVideo(after, { ...grown, times_s, ...recipe });
  joinVideos([before, after], scratch.file(name));
  return scratch.file(name);
}

async function sizesOf(path: string, pixels: number): Promise<Set<string>> {
  await using reader = await FrameReader.open({ path, fileName: 'my clip', limits: { pixels } }, () => {});
  const sizes = new Set<string>();
  for await (const { picture } of reader.segment(0, 3600)) {
    sizes.add(`${picture.coded_width}×${picture.coded_height}`);
  }
  return sizes;
}

const real = { deadline: 'realtime', 'cpu-used': '8' };
const codecs: [string, string, Partial<VideoRecipe>][] = [
  ['VP9', 'grows.webm', { encoder: 'libvpx-vp9', encoderOptions: real }],
  ['VP8', 'grows.mkv', { encoder: 'libvpx', encoderOptions: real }],
  ['H.264', 'grows.ts', { bFrames: 2 }],
  ['HEVC', 'grows-hevc.ts', { encoder: 'libx265' }],
  ['MPEG-2', 'grows.mpg', { encoder: 'mpeg2video' }],
  ['MPEG-4', 'grows-mpeg4.ts', { encoder: 'mpeg4' }],
  ['Motion JPEG', 'grows.avi', { encoder: 'mjpeg', pixelFormat: AV_PIX_FMT_YUVJ420P }],
];

test.each(codecs)(
  '%s that grows over the limit ends by name, with the limit',
  async (_codec, name, recipe) => {
    const error = await sizesOf(growing(name, recipe), small.width * small.height).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(TooLarge);
    expect(error.message).toMatch(/^my clip changes to pictures of more than the 19200 pixels allowed/);
  },
);

// Made by `growing` with encoder libsvtav1, preset 10, and kept: run as root, that encoder gives its thread real-time
// priority, which every process the test run starts from there inherits. Two decoders of them leave the machine no core.
test('AV1 that grows over the limit ends by name, too', async () => {
  const path = new URL('./fixtures/grows-av1.mkv', import.meta.url).pathname;
  await expect(sizesOf(path, small.width * small.height)).rejects.toThrow(TooLarge);
  expect(await sizesOf(path, grown.width * grown.height)).toEqual(new Set(['160×120', '1280×960']));
});

test('what grows within the limit is read to its end', async () => {
  const path = growing('within.webm', { encoder: 'libvpx-vp9', encoderOptions: real });
  expect(await sizesOf(path, grown.width * grown.height)).toEqual(new Set(['160×120', '1280×960']));
});
