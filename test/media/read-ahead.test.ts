import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AV_PIX_FMT_BGR24, AV_PIX_FMT_NV12, AV_PIX_FMT_YUV420P10LE } from 'node-av/constants';
import { UnreadableMedia } from '../../src/domain/errors.ts';
import type { Picture } from '../../src/media/video/picture.ts';
import { ReadAhead } from '../../src/media/video/read-ahead.ts';
import { type DecodedFrame, FrameReader } from '../../src/media/video/read-frames.ts';
import { sampleRegion } from '../../src/media/video/sample-region.ts';
import { encodeVideo, type VideoRecipe } from '../support/media/encode-video.ts';
import { makeScratchFolder, type ScratchFolder } from '../support/media/scratch-folder.ts';
import { samplePath } from '../support/media/shipped.ts';
import { usualLimits as limits } from '../support/media/usual-limits.ts';

const squats = { path: samplePath('squats.mp4'), fileName: 'squats.mp4', limits };
const times_s = [0, 0.4, 2, 2.2, 7, 12.6];
const silent = () => {};
let scratch: ScratchFolder;

beforeAll(async () => {
  scratch = await makeScratchFolder();
});
afterAll(() => scratch.remove());

test.each<[string, Partial<VideoRecipe> | null]>([
  ['a sample', null],
  ['10 bits', { encoder: 'libx265', pixelFormat: AV_PIX_FMT_YUV420P10LE }],
  ['interleaved colours', { encoder: 'rawvideo', pixelFormat: AV_PIX_FMT_NV12 }],
  ['RGB, which is converted', { encoder: 'rawvideo', pixelFormat: AV_PIX_FMT_BGR24 }],
])('reads what the reader itself reads: %s', async (name, recipe) => {
  let file = squats;
  if (recipe) {
    const path = scratch.file(`${name}.avi`);
    encodeVideo(path, { width: 160, height: 120, times_s: { frames: 30, fps: 10 }, ...recipe });
    file = { ...squats, path };
  }
  await using reader = await FrameReader.open(file, silent);
  const expected = await seen(reader.samples(times_s));
  const ahead = new ReadAhead();
  expect(await seen(ahead.samples(file, times_s, silent))).toEqual(expected);
  expect(ahead.counts).toEqual(reader.counts);
  await ahead.start().terminate();
});

test('left in the middle, it begins anew for the next who asks; the thread stays otherwise', async () => {
  const ahead = new ReadAhead();
  for await (const { time_s } of ahead.samples(squats, times_s, silent)) if (time_s > 0) break;
  const again = await seen(ahead.samples(squats, [7, 12.6], silent));
  expect(again.map(({ time_s }) => time_s)).toEqual([7, 12.6]);
  const thread = ahead.start();
  await seen(ahead.samples(squats, [0], silent));
  expect(ahead.start()).toBe(thread);
  await thread.terminate();
});

test('an error keeps its class, and the next file is read', async () => {
  const path = scratch.file('text.mp4');
  await writeFile(path, 'not a video');
  const ahead = new ReadAhead();
  await expect(seen(ahead.samples({ path, fileName: 'text.mp4', limits }, [0], silent))).rejects.toThrow(
    UnreadableMedia,
  );
  expect(await seen(ahead.samples(squats, [0], silent))).toHaveLength(1);
  await ahead.start().terminate();
});

/** Each picture by its hash: `picture` is only readable while it is looked at. */
async function seen(frames: AsyncIterable<DecodedFrame>): Promise<{ time_s: number; pixels: string }[]> {
  const all = [];
  for await (const { time_s, picture } of frames) all.push({ time_s, pixels: hashOf(picture) });
  return all;
}

function hashOf(picture: Picture): string {
  const { width, height } = picture.geometry;
  const rgb = new Int32Array(96 * 96 * 3);
  sampleRegion(picture, { x: 0, y: 0, width, height }, 96, 96, rgb);
  return createHash('sha256').update(rgb).digest('hex');
}
