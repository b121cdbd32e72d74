import { expect, test } from '@jest/globals';
import { type Body, bodyOf } from '../../../../../src/kinds/technique/analysis/tracking/body.ts';
import {
  continued,
  isContinued,
  isFoundAgain,
  type Track,
  trackOfBox,
} from '../../../../../src/kinds/technique/analysis/tracking/continuity.ts';
import { APPEARANCE_NUMBERS } from '../../../../../src/kinds/technique/analysis/tracking/describe-appearance.ts';
import { looks } from './looks.ts';
import { standing } from './standing.ts';

const frame = { width: 1920, height: 1080 };
const inRed = looks(0);
const inGreen = looks(30);
/** Half red, half green: the distance to either is 1 − √½ ≈ 0.29. */
const inBoth = looks(0, 30);

function track(x: number, y: number, time_s: number, appearance = inRed, trunk = 100): Track {
  const body = bodyOf(standing(x, y, trunk)) as Body;
  return { body, appearance, time_s, velocity: { x: 0, y: 0 } };
}

test('a pose is a body with its middle, its longest bone and its box', () => {
  const body = bodyOf(standing(500, 500, 100));
  expect(body).toMatchObject({ x: 500, y: 450, box: { x: 445, y: 345, width: 110, height: 375 } });
  expect(body?.size).toBeCloseTo(110, 6);
});

test('with too few keypoints seen, or without a torso, there is no body', () => {
  expect(bodyOf(standing(500, 500, 100, 0.29))).toBeNull();
  const onlyLegs = standing(500, 500, 100);
  for (let joint = 0; joint < 11; joint++) onlyLegs[joint * 3 + 2] = 0.1;
  expect(bodyOf(onlyLegs)).toBeNull();
});

test('a sprint is followed, a leap over half the frame is not', () => {
  const before = track(500, 500, 1);
  // 12 m/s is 24 half metres, 2640 pixels, a second: 88 in a thirtieth.
  expect(isContinued(before, inRed, track(588, 500, 1 + 1 / 30))).toBe(true);
  expect(isContinued(before, inRed, track(900, 500, 1 + 1 / 30))).toBe(false);
});

test('a pose suddenly twice as large is not the same person', () => {
  expect(isContinued(track(500, 500, 1), inRed, track(500, 500, 1 + 1 / 30, inRed, 200))).toBe(false);
});

test('other clothes in the very next frame are another person; seen before, they are not', () => {
  expect(isContinued(track(500, 500, 1), inRed, track(505, 500, 1 + 1 / 30, inGreen))).toBe(false);
  const known = track(500, 500, 1, [...inRed, ...inGreen]);
  expect(isContinued(known, inRed, track(505, 500, 1 + 1 / 30, inGreen))).toBe(true);
});

test('after a long step only the looks tell', () => {
  expect(isContinued(track(500, 500, 1), inRed, track(1500, 500, 3))).toBe(true);
  expect(isContinued(track(500, 500, 1), inRed, track(500, 500, 3, inBoth))).toBe(false);
});

test('the person lost is found again near by in other light, far away only with the same looks', () => {
  const lost = track(500, 500, 1);
  expect(isFoundAgain(lost, track(700, 500, 1.5, inBoth), frame, [])).toBe(true);
  expect(isFoundAgain(lost, track(1500, 500, 1.5, inBoth), frame, [])).toBe(false);
  expect(isFoundAgain(lost, track(1500, 500, 1.5, inRed), frame, [])).toBe(true);
  expect(isFoundAgain(lost, track(520, 500, 1.5, inGreen), frame, [])).toBe(false);
});

test('a while later, being near by says nothing any more', () => {
  expect(isFoundAgain(track(500, 500, 1), track(520, 500, 3, inBoth), frame, [])).toBe(false);
  expect(isFoundAgain(track(500, 500, 1), track(520, 500, 3, inRed), frame, [])).toBe(true);
});

test('who walked out of the frame is not near anywhere in it', () => {
  const leaving = { ...track(20, 500, 1), velocity: { x: -600, y: 0 } };
  expect(isFoundAgain(leaving, track(200, 500, 1.5, inBoth), frame, [])).toBe(false);
  const staying = { ...leaving, velocity: { x: 0, y: 0 } };
  expect(isFoundAgain(staying, track(200, 500, 1.5, inBoth), frame, [])).toBe(true);
});

test('far away, who looks more like somebody else known is not the person', () => {
  const lost = track(500, 500, 1, inRed);
  const far = track(1500, 500, 1.5, inRed);
  expect(isFoundAgain(lost, far, frame, inGreen)).toBe(true);
  expect(isFoundAgain(lost, far, frame, [...inGreen, ...inRed])).toBe(false);
});

test('near by, the last look counts even when it was too unclear to remember', () => {
  const lost = { ...track(500, 500, 1), lastLook: inGreen };
  expect(isFoundAgain(lost, track(520, 500, 1.5, inGreen), frame, [])).toBe(true);
  expect(isFoundAgain(lost, track(1500, 500, 1.5, inGreen), frame, [])).toBe(false);
});

test('looks that are not seen prove nothing', () => {
  const unseen = new Array<number>(APPEARANCE_NUMBERS).fill(0);
  expect(isFoundAgain(track(500, 500, 1), track(505, 500, 1.2, unseen), frame, [])).toBe(false);
});

test('a track takes up speed, and keeps its size while the body bends', () => {
  let moving = track(500, 500, 0);
  for (let n = 1; n <= 30; n++) moving = continued(moving, track(500 + 10 * n, 500, n / 30));
  expect(moving.velocity.x).toBeCloseTo(300, 0);
  const bent = continued(moving, track(800, 500, 31 / 30, inRed, 50));
  expect(bent.body.size).toBeGreaterThan(100);
  expect(continued(moving, track(900, 500, 3)).velocity).toEqual({ x: 0, y: 0 });
});

test('a box stands for a person who was there', () => {
  const from = trackOfBox({ x: 450, y: 300, width: 100, height: 400 }, inRed, 2);
  expect(isFoundAgain(from, track(505, 540, 2.03), frame, [])).toBe(true);
});
