import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AV_PIX_FMT_BGR24, AV_PIX_FMT_NV12, AV_PIX_FMT_YUV420P10LE } from 'node-av/constants';
import { UnreadableMedia } from '../../src/domain/errors.ts';
import { type ChildPool, openChildPool } from '../../src/media/child-pool.ts';
import type { FileToRead, ReadCounts } from '../../src/media/video/read-frames.ts';
import { encodeVideo, type VideoRecipe } from '../support/media/encode-video.ts';
import { makeScratchFolder, type ScratchFolder } from '../support/media/scratch-folder.ts';
import { samplePath } from '../support/media/shipped.ts';
import { usualLimits as limits } from '../support/media/usual-limits.ts';

type Ask<K> = FileToRead & { task: K; times_s: number[] };
interface Answer {
  frames: { time_s: number; pixels: string }[];
  counts: ReadCounts;
}
type Tasks = {
  plain: { task: Ask<'plain'>; result: Answer; progress: never };
  ahead: { task: Ask<'ahead'>; result: Answer; progress: never };
  leave: { task: Ask<'leave'>; result: number; progress: never };
};

const squats = { path: samplePath('squats.mp4'), fileName: 'squats.mp4', limits };
const times_s = [0, 0.4, 2, 2.2, 7, 12.6];
let pool: ChildPool<Tasks>;
let scratch: ScratchFolder;

beforeAll(async () => {
  scratch = await makeScratchFolder();
  pool = openChildPool<Tasks>({
    size: 1,
    modules: [{ module: new URL('./fixtures/reading-tasks.ts', import.meta.url) }],
  });
});
afterAll(async () => {
  await pool.close();
  await scratch.remove();
});

test.each<[string, Partial<VideoRecipe> | null]>([
  ['a sample', null],
  ['10 bits', { encoder: 'libx265', pixelFormat: AV_PIX_FMT_YUV420P10LE }],
  ['interleaved colours', { encoder: 'rawvideo', pixelFormat: AV_PIX_FMT_NV12 }],
  ['RGB, which is converted', { encoder: 'rawvideo', pixelFormat: AV_PIX_FMT_BGR24 }],
])('reads what the reader itself reads: %s', async (name, recipe) => {
  let file = squats;
  if (recipe) {
    file = { ...squats, path: scratch.file(`${name}.${recipe.encoder === 'rawvideo' ? 'avi' : 'mp4'}`) };
    encodeVideo(file.path, { width: 160, height: 120, times_s: { frames: 30, fps: 10 }, ...recipe });
  }
  const plain = await pool.run({ task: 'plain', ...file, times_s });
  expect(plain.frames.length).toBeGreaterThan(3);
  expect(await pool.run({ task: 'ahead', ...file, times_s })).toEqual(plain);
});

test('left in the middle, it begins anew for the next who asks, in the same process', async () => {
  const [pid] = pool.pids();
  for (let i = 0; i < 5; i++) {
    expect(await pool.run({ task: 'leave', ...squats, times_s })).toBe(0);
    const { frames } = await pool.run({ task: 'ahead', ...squats, times_s: [7, 12.6] });
    expect(frames.map(({ time_s }) => time_s)).toEqual([7, 12.6]);
  }
  expect(pool.pids()).toEqual([pid]);
});

test('an error keeps its class, and the next file is read', async () => {
  const path = scratch.file('text.mp4');
  await writeFile(path, 'not a video');
  const text = { path, fileName: 'text.mp4', limits };
  await expect(pool.run({ task: 'ahead', ...text, times_s })).rejects.toThrow(UnreadableMedia);
  expect((await pool.run({ task: 'ahead', ...squats, times_s: [0] })).frames).toHaveLength(1);
});
