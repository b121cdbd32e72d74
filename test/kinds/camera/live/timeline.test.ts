import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Timeline } from '../../../../src/kinds/camera/live/timeline.ts';

const packet = (
  dts_s: number | null,
  arrived_s: number,
  more: { pts_s?: number | null; duration_s?: number } = {},
) => ({
  dts_s,
  pts_s: more.pts_s === undefined ? dts_s : more.pts_s,
  duration_s: more.duration_s ?? 0.1,
  arrived_s,
});

test('begins with 0, whatever the clock of the stream says', () => {
  const line = new Timeline();
  expect(line.place(packet(86_400, 7))).toEqual({ dts_s: 0, pts_s: 0, jumped: false });
  expect(line.place(packet(86_400.1, 7.1)).dts_s).toBeCloseTo(0.1);
  // 3 s were lost on the way: that is no jump.
  expect(line.place(packet(86_403.1, 7.2))).toMatchObject({ dts_s: expect.closeTo(3.1), jumped: false });
});

test.each([
  ['back', -3600],
  ['ahead', 3600],
  ['back to 1970', -1.7e9],
])('a clock that is set %s goes on where it was, and says so', (_how, by) => {
  const line = new Timeline();
  line.place(packet(1.7e9, 0));
  line.place(packet(1.7e9 + 0.1, 0.1));
  expect(line.place(packet(1.7e9 + 0.2 + by, 0.2))).toEqual({
    dts_s: expect.closeTo(0.2),
    pts_s: expect.closeTo(0.2),
    jumped: true,
  });
  expect(line.place(packet(1.7e9 + 0.3 + by, 0.3))).toMatchObject({
    dts_s: expect.closeTo(0.3),
    jumped: false,
  });
});

test('a camera that was silent for minutes did not jump', () => {
  const line = new Timeline();
  line.place(packet(5, 0));
  expect(line.place(packet(305, 300))).toMatchObject({ dts_s: 300, jumped: false });
});

test('frames without a time follow one another by what they last, or by when they come', () => {
  const line = new Timeline();
  expect(line.place(packet(null, 0))).toMatchObject({ dts_s: 0 });
  expect(line.place(packet(null, 0.5))).toMatchObject({ dts_s: expect.closeTo(0.1) });
  expect(line.place(packet(null, 1, { duration_s: 0 })).dts_s).toBeCloseTo(0.2);
  expect(line.place(packet(null, 1.5)).dts_s).toBeCloseTo(0.7);
  // The first that has one: no jump, there was no clock to be set.
  expect(line.place(packet(4711, 1.6))).toMatchObject({ dts_s: expect.closeTo(0.8), jumped: false });
});

test('the camera’s word says how long a frame was that has no time', () => {
  const line = new Timeline();
  line.place({ ...packet(null, 0, { duration_s: 0 }), said_s: 1000 });
  expect(line.place({ ...packet(7, 0), said_s: 1000.25 }).dts_s).toBeCloseTo(0.25);
  // What cannot be is not believed.
  expect(line.place({ ...packet(null, 0), said_s: 1 }).dts_s).toBeCloseTo(0.35);
});

test('frames that are shown in another order than they come keep their order of showing', () => {
  const line = new Timeline();
  const shown = [0.2, 0.5, 0.3, 0.4].map(
    (pts, n) => line.place(packet(n / 10, n / 10, { pts_s: pts })).pts_s,
  );
  for (const [n, pts] of [0.2, 0.5, 0.3, 0.4].entries()) expect(shown[n]).toBeCloseTo(pts);
  const withoutDts = new Timeline();
  for (const [n, pts] of [0, 0.3, 0.1, 0.2].entries()) {
    const { pts_s, jumped } = withoutDts.place(packet(null, n / 10, { pts_s: pts }));
    expect([pts_s, jumped]).toEqual([expect.closeTo(pts), false]);
  }
});

test('a clock that runs over its largest number goes on', () => {
  const wrap = 2 ** 33 / 90_000;
  const line = new Timeline(wrap);
  line.place(packet(wrap - 0.1, 0));
  expect(line.place(packet(0, 0.1))).toMatchObject({ dts_s: expect.closeTo(0.1), jumped: false });
  expect(line.place(packet(0.1, 0.2))).toMatchObject({ dts_s: expect.closeTo(0.2), jumped: false });
});

test('what follows a discontinuity follows what was before it, though its clock may say the same', () => {
  const line = new Timeline();
  line.discontinue();
  expect(line.place(packet(0, 0))).toMatchObject({ dts_s: 0, jumped: false });
  line.place(packet(0.1, 0.1));
  line.discontinue();
  expect(line.place(packet(0.15, 0.2))).toMatchObject({ dts_s: expect.closeTo(0.2), jumped: true });
});

test('whatever a stream says, the line never runs away from the time that passed', () => {
  const time = fc.oneof(
    fc.constant(null),
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.double({ min: 0, max: 60, noNaN: true }),
  );
  const packets = fc.array(
    fc.record({
      dts_s: time,
      pts_s: time,
      duration_s: fc.double({ min: 0, max: 1e4, noNaN: true }),
      after: fc.double({ min: 0, max: 5, noNaN: true }),
    }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(packets, (sent) => {
      const line = new Timeline();
      let arrived_s = 0;
      let before = 0;
      for (const { after, ...times } of sent) {
        arrived_s += after;
        const { dts_s, pts_s } = line.place({ ...times, arrived_s });
        expect(dts_s - before).toBeGreaterThanOrEqual(-1 - 1e-6);
        expect(dts_s - before).toBeLessThanOrEqual(after + 10 + 1e-6);
        expect(Math.abs(pts_s - Math.max(0, dts_s))).toBeLessThanOrEqual(10);
        expect(pts_s).toBeGreaterThanOrEqual(0);
        before = Math.max(before, dts_s);
      }
    }),
  );
});
