import { expect, test } from '@jest/globals';
import sharp from 'sharp';
import type { WatchChange, WatchedEvent, Watcher } from '../../../../src/kinds/camera/analysis/watch.ts';
import { FrameWatch } from '../../../../src/kinds/camera/child/watch-frames.ts';
import { colorMatrixOf } from '../../../../src/media/video/color-matrix.ts';
import type { Picture } from '../../../../src/media/video/picture.ts';

const box = { x: 0, y: 0, width: 1, height: 1 };
const event = (start_s: number): WatchedEvent => ({
  ...{ start_s, last_s: start_s, motion_confidence: 1, motion_box: box, detected_objects: [] },
  ...{ picture_s: start_s, continues_s: null, log: {} },
});

/** A grey picture of one brightness. */
function grey(luma: number): Picture {
  const plane = (value: number, side: number) => ({
    data: new Uint8Array(side * side).fill(value),
    stride: side,
  });
  return {
    geometry: {
      ...{ width: 32, height: 32, coded_width: 32, coded_height: 32, transposed: false },
      ...{ flip_x: false, flip_y: false, rotation_deg: 0, pixel_aspect: 1 },
    } as Picture['geometry'],
    ...{
      coded_width: 32,
      coded_height: 32,
      chroma_shift_x: 1,
      chroma_shift_y: 1,
      chroma_step: 1,
      extra_bits: 0,
    },
    ...{
      luma: plane(luma, 32),
      cb: plane(128, 16),
      cr: plane(128, 16),
      matrix: colorMatrixOf(undefined, true, 0),
    },
  };
}

/** A watcher that says what it was told to say. */
function told(steps: { push: WatchChange[]; answer?: WatchChange[]; isPicture?: boolean }[]): Watcher {
  let now = -1;
  return {
    push() {
      now++;
      const { push = [], answer } = steps[now] ?? {};
      return { changes: push, wantsObjects: answer !== undefined, lookAt: null, sceneChange: false };
    },
    answer: () => ({ changes: steps[now]?.answer ?? [], isPicture: steps[now]?.isPicture ?? false }),
    end: () => [{ change: 'closed', event: event(1), end_s: 3, reason: 'stopped' }],
    save: () => new Uint8Array(),
    ...{ sceneChanges: 0, openEvent: null },
  };
}

const brightness = async (jpeg: Buffer | undefined) =>
  Math.round((await sharp(jpeg).stats()).channels[0]?.mean ?? Number.NaN);

test('an event that goes on as another keeps its own picture; the other begins with the frame in which it began', async () => {
  const watch = new FrameWatch(
    told([
      { push: [{ change: 'opened', event: event(0) }], answer: [], isPicture: true },
      {
        push: [],
        answer: [
          { change: 'closed', event: event(0), end_s: 1, reason: 'max_duration' },
          { change: 'opened', event: event(1) },
        ],
        isPicture: true,
      },
    ]),
    async () => [],
    [],
  );
  await watch.push(grey(50), 0);
  const changes = await watch.push(grey(200), 1);
  expect(await brightness(changes.find(({ change }) => change === 'closed')?.picture)).toBeCloseTo(50, -1);
  const [last] = await watch.end('stopped');
  expect(await brightness(last?.picture)).toBeCloseTo(200, -1);
});

test('an event that no look showed better has the picture of its beginning', async () => {
  const watch = new FrameWatch(
    told([{ push: [{ change: 'opened', event: event(1) }] }, { push: [], answer: [] }]),
    async () => [],
    [],
  );
  await watch.push(grey(90), 1);
  await watch.push(grey(200), 2);
  const [closed] = await watch.end('stopped');
  expect(await brightness(closed?.picture)).toBeCloseTo(90, -1);
});
