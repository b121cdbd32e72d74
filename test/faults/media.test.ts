import { mkdtempSync, rmSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { corruptedBetween, truncated, zeroBytes } from '../support/media/damage.ts';
import { encodeSoundOnly } from '../support/media/encode-sound.ts';
import { encodeVideo } from '../support/media/encode-video.ts';
import { type RunningService, startService } from '../support/running-service.ts';

/** Whatever is uploaded ends as a defined status with words a coach understands, and the worker lives. */

const squats = 'samples/squats.mp4';
let service: RunningService;
let folder: string;
let workerPid: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'doubletake-media-'));
  service = await startService();
  workerPid = service.worker.process.pid;
});
afterAll(async () => {
  await service?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string) => join(folder, name);

async function outcome(path: string): Promise<{ status: string; error_message: string | null }> {
  const { id } = await service.upload(path);
  const ended = await service.ended(id);
  expect(service.worker.process.isRunning() && service.worker.process.pid).toBe(workerPid);
  return { status: ended.status, error_message: ended.error_message };
}

test('zero bytes are refused at the door', async () => {
  await zeroBytes(file('empty.mp4'));
  await expect(service.upload(file('empty.mp4'))).rejects.toThrow(/^422 .*empty\.mp4/);
});

test('a picture called .mp4 is refused by what it is', async () => {
  await copyFile('test/support/media/one-pixel.png', file('picture.mp4'));
  await expect(service.upload(file('picture.mp4'))).rejects.toThrow(/^415 .*picture\.mp4.*image\/png/);
});

test('a video with the wrong extension is taken for what it is', async () => {
  await copyFile(squats, file('squats.jpg'));
  expect(await outcome(file('squats.jpg'))).toEqual({ status: 'done', error_message: null });
});

test('a video cut off before its index fails with the file and the remedy', async () => {
  await truncated(squats, 0.5, file('cut.mp4'));
  const { status, error_message } = await outcome(file('cut.mp4'));
  expect([status, error_message]).toEqual(['failed', expect.stringContaining('cut.mp4')]);
});

test('a video whose index survived but whose end did not: what is there is analysed, and the report says what is not', async () => {
  await truncated('samples/walk-and-jump.mp4', 0.5, file('half.mp4'));
  const { id } = await service.upload(file('half.mp4'));
  expect(await service.ended(id)).toMatchObject({ status: 'done' });
  const { deep_results: results, deep_report: report } = await service.read<{
    deep_results: { video: { frame_count: number; missing_frames: number } };
    deep_report: { text: string };
  }>(`/api/coaches/plus/analysis-jobs/${id}`);
  const { frame_count, missing_frames } = results.video;
  expect(missing_frames).toBeGreaterThan(50);
  expect(frame_count + missing_frames).toBe(230);
  expect(report.text).toContain(`it lists 230 frames, but only ${frame_count} are in it`);
}, 60_000);

test('a damaged photograph is told in our words wherever its user looks; the log has the library’s', async () => {
  await sharp('samples/phone-with-aruco.jpg').resize(600).avif().toFile(file('whole.avif'));
  await truncated(file('whole.avif'), 0.5, file('cut.avif'));
  const { id } = await service.upload(file('cut.avif'), { kind: 'measurement' });
  const message =
    'cut.avif is damaged: it is cut off, or a part of it is missing. Copy it again from the camera, or export it again, and upload that.';
  expect(await service.ended(id)).toMatchObject({
    status: 'failed',
    error_type: 'UnreadableMedia',
    error_message: message,
  });
  const { items } = await service.read<{ items: { why: string }[] }>(`/api/jobs/${id}/transitions`);
  expect(items.map(({ why }) => why)).toContain(message);
  const report = await (
    await fetch(service.url(`/reports/${id}`), { headers: { accept: 'text/html' } })
  ).text();
  expect(report).toContain('it is cut off, or a part of it is missing');
  expect([JSON.stringify(items), report].join()).not.toMatch(/scratch|originals-|seek/);
  // Temporal's SDK hands its lines over a little later.
  const told = () =>
    service.worker.process
      .output()
      .split('\n')
      .some((line) => line.includes(`measurement-${id}`) && /scratch.*originals-/.test(line));
  while (!told()) await sleep(50);
});

test('sound without a picture fails with the file and the reason', async () => {
  encodeSoundOnly(file('sound.mp4'));
  const answer = await outcome(file('sound.mp4')).catch((error: Error) => ({ error_message: error.message }));
  expect(answer.error_message).toContain('sound.mp4');
});

test('noise in the middle: the rest is analysed, and the report tells of the damage', async () => {
  await corruptedBetween(squats, 0.5, 0.55, file('noise.mp4'));
  const { id } = await service.upload(file('noise.mp4'));
  expect(await service.ended(id)).toMatchObject({ status: 'done' });
  const { deep_report } = await service.read<{ deep_report: { text: string } }>(
    `/api/coaches/plus/analysis-jobs/${id}`,
  );
  expect(deep_report.text).toContain('**The file is damaged:**');
});

const scenes = [
  ['one frame', { width: 320, height: 240, times_s: { frames: 1, fps: 30 } }],
  ['8K', { width: 7680, height: 4320, times_s: { frames: 2, fps: 30 } }],
  ['rotated by metadata', { width: 320, height: 240, times_s: { frames: 20, fps: 30 }, rotation_deg: 90 }],
  ['a variable frame rate', { width: 320, height: 240, times_s: [0, 0.03, 0.1, 0.4, 0.41, 0.9, 1.5, 1.52] }],
  ['odd pixels', { width: 322, height: 242, times_s: { frames: 20, fps: 30 }, pixelAspect: [4, 3] }],
  ['odd sizes', { width: 321, height: 241, times_s: { frames: 20, fps: 30 }, encoder: 'libvpx-vp9' }],
] as const;
test.each(scenes)(
  'nobody to see in a video with %s: done, and the findings say that nobody was seen',
  async (name, recipe) => {
    const path = file(`${name.replaceAll(' ', '-')}.mp4`);
    encodeVideo(path, { ...recipe } as Parameters<typeof encodeVideo>[1]);
    const { id } = await service.upload(path);
    expect(await service.ended(id)).toMatchObject({ status: 'done', error_message: null });
    const { deep_findings, deep_results } = await service.read<{
      deep_findings: { findings: { message: string }[] };
      deep_results: { coverage: { fraction: number } };
    }>(`/api/coaches/plus/analysis-jobs/${id}`);
    expect(deep_results.coverage.fraction).toBeLessThan(0.3);
    expect(deep_findings.findings.map(({ message }) => message).join(' ')).toMatch(/frames/);
  },
  120_000,
);

test('after all that the worker still does its work', async () => {
  expect(await outcome(squats)).toEqual({ status: 'done', error_message: null });
});
