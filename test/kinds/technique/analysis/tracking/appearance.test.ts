import { expect, test } from '@jest/globals';
import {
  appearanceDistance,
  rememberLook,
} from '../../../../../src/kinds/technique/analysis/tracking/appearance.ts';
import {
  APPEARANCE_NUMBERS,
  BINS,
  COLOURS,
  describeAppearance,
} from '../../../../../src/kinds/technique/analysis/tracking/describe-appearance.ts';
import { looks } from './looks.ts';
import { standing } from './standing.ts';

const SIDE = 192;
const pose = standing(96, 96, 40);

/** A crop whose upper half (down to the hips) and lower half have a colour each. */
function dressed(shirt: number[], trousers: number[]): Uint8ClampedArray {
  const rgb = new Uint8ClampedArray(SIDE * SIDE * 3);
  for (let i = 0; i < SIDE * SIDE; i++) rgb.set(i < SIDE * 96 ? shirt : trousers, i * 3);
  return rgb;
}

function describe(shirt: number[], trousers: number[], keypoints = pose): number[] {
  return describeAppearance(dressed(shirt, trousers), SIDE, keypoints);
}

const brown = [110, 88, 84];
const green = [84, 100, 86];
const black = [30, 30, 32];
const lilac = [112, 106, 122];

test('each part seen is a histogram of colours and one of brightness', () => {
  const described = describe(brown, black);
  expect(described).toHaveLength(APPEARANCE_NUMBERS);
  const sum = (from: number, to: number) =>
    described.slice(from, to).reduce((total, value) => total + value, 0);
  for (const part of [0, BINS]) {
    expect(sum(part, part + COLOURS)).toBeCloseTo(1, 2);
    expect(sum(part + COLOURS, part + BINS)).toBeCloseTo(1, 2);
  }
});

test('the same clothes are alike, and other clothes are not', () => {
  expect(appearanceDistance(describe(brown, black), describe(brown, black))).toBeCloseTo(0, 3);
  expect(appearanceDistance(describe(brown, black), describe(green, lilac))).toBeGreaterThan(0.25);
});

test('a shade darker is still much the same; another colour of the same brightness is not', () => {
  const shade = brown.map((value) => value * 0.8);
  const inShade = appearanceDistance(describe(brown, black), describe(shade, black)) as number;
  const inGreen = appearanceDistance(describe(brown, black), describe(green, black)) as number;
  expect(inShade).toBeLessThan(0.1);
  expect(inGreen).toBeGreaterThan(2 * inShade);
});

test('only parts that both show are compared; with none in common there is no distance', () => {
  const legless = [...pose];
  for (const joint of [13, 14]) legless[joint * 3 + 2] = 0.1;
  expect(appearanceDistance(describe(brown, lilac, legless), describe(brown, black))).toBeCloseTo(0, 3);
  const nothing = new Array<number>(APPEARANCE_NUMBERS).fill(0);
  expect(appearanceDistance(nothing, describe(brown, black))).toBeNull();
  expect(appearanceDistance([], describe(brown, black))).toBeNull();
});

test('several looks of one person are compared by the nearest', () => {
  const many = [...looks(0), ...looks(10), ...looks(20)];
  expect(appearanceDistance(many, looks(20))).toBeCloseTo(0, 6);
  expect(appearanceDistance(looks(10), many)).toBeCloseTo(0, 6);
  expect(appearanceDistance(many, looks(40))).toBeGreaterThan(0.5);
});

test('a new look is remembered, a known one is not remembered twice', () => {
  const two = rememberLook(rememberLook([], looks(0)), looks(10));
  expect(two).toEqual([...looks(0), ...looks(10)]);
  expect(rememberLook(two, looks(10))).toEqual(two);
  expect(rememberLook(two, new Array<number>(APPEARANCE_NUMBERS).fill(0))).toEqual(two);
});

test('memory is bounded, keeps the first look and drops what repeats another most', () => {
  let known: number[] = [];
  for (let colour = 0; colour < 12; colour++) known = rememberLook(known, looks(colour * 5));
  expect(known).toHaveLength(12 * APPEARANCE_NUMBERS);
  // Seven parts of ten like the third look: a new look, but of all the nearest to another.
  const nearThird = looks(10, 61);
  for (let part = 0; part < APPEARANCE_NUMBERS; part += BINS)
    [nearThird[part + 10], nearThird[part + 61]] = [0.7, 0.3];
  const after = rememberLook(known, nearThird);
  expect(after).toEqual(known);
  const other = rememberLook(known, looks(62));
  expect(other).toHaveLength(12 * APPEARANCE_NUMBERS);
  expect(other.slice(0, APPEARANCE_NUMBERS)).toEqual(looks(0));
});
