import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { TooLarge, UnreadableMedia } from '../../../../src/domain/errors.ts';
import type { LookResult, Span } from '../../../../src/kinds/technique/child/look-task.ts';
import { techniqueTasks } from '../../../../src/kinds/technique/child/task-module.ts';
import type { TechniqueTasks } from '../../../../src/kinds/technique/child/tasks.ts';
import { type ChildPool, openChildPool } from '../../../../src/media/child-pool.ts';
import type { VideoIndex } from '../../../../src/media/video/video-index.ts';
import { corruptedBetween, truncated, zeroBytes } from '../../../support/media/damage.ts';
import { encodeSoundOnly } from '../../../support/media/encode-sound.ts';
import { encodeVideo } from '../../../support/media/encode-video.ts';
import { makeScratchFolder, type ScratchFolder } from '../../../support/media/scratch-folder.ts';
import { samplePath, shippedModels } from '../../../support/media/shipped.ts';
import { usualLimits } from '../../../support/media/usual-limits.ts';

let pool: ChildPool<TechniqueTasks>;
let scratch: ScratchFolder;

beforeAll(async () => {
  pool = openChildPool<TechniqueTasks>({ modules: [techniqueTasks], size: 1 });
  scratch = await makeScratchFolder();
});

afterAll(async () => {
  await pool.close();
  await scratch.remove();
});

function index(path: string, fileName: string, limits = usualLimits): Promise<VideoIndex> {
  return pool.run({ task: 'index', path, fileName, limits });
}

function look(
  path: string,
  span: Span = { kind: 'segment', start_s: 0, end_s: 3600 },
  limits = usualLimits,
): Promise<LookResult> {
  return pool.run({ task: 'look', path, fileName: 'clip', limits, span, models: shippedModels });
}

/** The error of a class, with a message that names the file. */
async function refusal(
  looking: Promise<unknown>,
  as: typeof UnreadableMedia | typeof TooLarge,
): Promise<string> {
  const error = await looking.then(
    () => new Error('it was taken'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(as);
  return (error as Error).message;
}

test('an empty file is said to be empty', async () => {
  await zeroBytes(scratch.file('empty.mp4'));
  const said = await refusal(index(scratch.file('empty.mp4'), 'my clip.mp4'), UnreadableMedia);
  expect(said).toMatch(/^my clip\.mp4 is empty/);
});

test('a file with sound only is said to have no video track', async () => {
  encodeSoundOnly(scratch.file('sound.mp4'));
  const said = await refusal(index(scratch.file('sound.mp4'), 'song.mp4'), UnreadableMedia);
  expect(said).toMatch(/^song\.mp4 has no video track, only sound/);
});

test('a file cut off before its index is said to be damaged', async () => {
  await truncated(samplePath('squats.mp4'), 0.5, scratch.file('cut.mp4'));
  const said = await refusal(index(scratch.file('cut.mp4'), 'cut.mp4'), UnreadableMedia);
  expect(said).toMatch(/cut off before its index/);
});

test('a file cut off in its pictures is looked at as far as it goes', async () => {
  await truncated(samplePath('walk-and-jump.mp4'), 0.5, scratch.file('half.mp4'));
  const { frame_count } = await index(scratch.file('half.mp4'), 'half.mp4');
  const { frames } = await look(scratch.file('half.mp4'), { kind: 'segment', start_s: 2, end_s: 3600 });
  expect(frame_count).toBeGreaterThan(100);
  expect(frame_count).toBeLessThan(230);
  expect(frames.length).toBeGreaterThanOrEqual(frame_count - 62);
});

test('damage in the middle is counted and passed over', async () => {
  await corruptedBetween(samplePath('squats.mp4'), 0.4, 0.45, scratch.file('corrupt.mp4'));
  const { frames, corrupt_frames } = await look(scratch.file('corrupt.mp4'));
  expect(corrupt_frames).toBeGreaterThan(0);
  expect(frames.length).toBeGreaterThan(50);
  expect(frames.at(-1)?.time_s).toBe(12.8);
});

test.each([
  ['a text', 'hello '.repeat(1000)],
  [
    'an HLS playlist',
    `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://${samplePath('squats.mp4')}\n#EXT-X-ENDLIST\n`,
  ],
  ['a list of other files', `ffconcat version 1.0\nfile ${samplePath('squats.mp4')}\n`],
  [
    'a stream description',
    'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n',
  ],
])('%s named .mp4 is not opened as a video', async (_what, text) => {
  await writeFile(scratch.file('text.mp4'), text);
  const said = await refusal(index(scratch.file('text.mp4'), 'text.mp4'), UnreadableMedia);
  expect(said).toMatch(
    /^text\.mp4 could not be opened as a video: (?:what is in it is not as its format says|it is of a kind that is not supported|nothing in it can be read)\. It is damaged/,
  );
});

test('an image named .mp4 is not opened as a video', async () => {
  const image = sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } });
  await writeFile(scratch.file('image.mp4'), await image.png().toBuffer());
  expect(await refusal(index(scratch.file('image.mp4'), 'image.mp4'), UnreadableMedia)).toMatch(
    /not a video/,
  );
});

test('a video longer or larger than allowed is refused with the limit', async () => {
  const long = index(samplePath('squats.mp4'), 'long.mp4', { ...usualLimits, durationSeconds: 5 });
  expect(await refusal(long, TooLarge)).toMatch(/^long\.mp4 is longer than the 5 seconds allowed/);
  const large = index(samplePath('squats.mp4'), 'large.mp4', { ...usualLimits, pixels: 1000 });
  expect(await refusal(large, TooLarge)).toMatch(/^large\.mp4 has pictures of 720×1280 pixels; at most 1000/);
});

test('a video of one frame is looked at', async () => {
  encodeVideo(scratch.file('one.mp4'), { width: 160, height: 120, times_s: { frames: 1, fps: 30 } });
  expect(await index(scratch.file('one.mp4'), 'one.mp4')).toMatchObject({ frame_count: 1, keyframes_s: [0] });
  const { frames, people_first } = await look(scratch.file('one.mp4'));
  expect(frames).toEqual([{ time_s: 0, keypoints: null }]);
  expect(people_first).toEqual([]);
});

test('an 8K picture is looked at', async () => {
  encodeVideo(scratch.file('8k.mp4'), { width: 7680, height: 4320, times_s: { frames: 1, fps: 30 } });
  expect(await index(scratch.file('8k.mp4'), '8k.mp4')).toMatchObject({ width: 7680, height: 4320 });
  expect((await look(scratch.file('8k.mp4'))).frames).toHaveLength(1);
});

test('samples of which none can be decoded are an error that says so', async () => {
  await corruptedBetween(samplePath('squats.mp4'), 0.005, 0.995, scratch.file('noise.mp4'));
  const looking = look(scratch.file('noise.mp4'), { kind: 'samples', times_s: [2, 4] });
  expect(await refusal(looking, UnreadableMedia)).toMatch(/^Not one frame of clip could be decoded/);
});

test('after all of this the same process still looks at a sound video', async () => {
  expect(pool.pids()).toHaveLength(1);
  const { frames } = await look(samplePath('squats.mp4'), { kind: 'samples', times_s: [2] });
  expect(frames[0]?.keypoints).toHaveLength(51);
});
