import { expect, test } from '@jest/globals';
import type { Detection } from '../../../../../src/kinds/technique/analysis/look.ts';
import type { Body } from '../../../../../src/kinds/technique/analysis/tracking/body.ts';
import { bodyOf } from '../../../../../src/kinds/technique/analysis/tracking/body.ts';
import { recogniseBystanders } from '../../../../../src/kinds/technique/analysis/tracking/bystanders.ts';
import type { Track } from '../../../../../src/kinds/technique/analysis/tracking/continuity.ts';
import {
  byAppearance,
  byProminence,
  bySeed,
  couldBeSize,
  overlap,
  withoutRepeats,
} from '../../../../../src/kinds/technique/analysis/tracking/person-choice.ts';
import { looks } from './looks.ts';
import { standing } from './standing.ts';

function person(x: number, y: number, width: number, height: number, score = 0.7): Detection {
  return { box: { x, y, width, height }, score };
}

test('the most prominent person is large, surely seen and near the middle', () => {
  const player = person(850, 300, 200, 500);
  const passer = person(1650, 350, 190, 480, 0.8);
  const spectator = person(900, 200, 40, 100, 0.9);
  expect(byProminence([spectator, passer, player], 1920, 1080)).toEqual([player, passer, spectator]);
});

test('a seed is answered by who overlaps it best, or by nobody', () => {
  const [left, right] = [person(100, 100, 100, 300), person(180, 100, 100, 300)];
  const seed = { x: 170, y: 110, width: 100, height: 280 };
  expect(bySeed([left, right], seed)).toEqual([right, left].slice(0, bySeed([left, right], seed).length));
  expect(bySeed([left, right], seed)[0]).toBe(right);
  expect(bySeed([left], { x: 900, y: 100, width: 100, height: 300 })).toEqual([]);
});

test('looks are answered by who is alike, or by nobody', () => {
  const red = { ...person(100, 100, 100, 300), appearance: looks(0) };
  const green = { ...person(500, 100, 100, 300), appearance: looks(30) };
  expect(byAppearance([green, red, person(0, 0, 9, 9)], looks(0))).toEqual([red]);
  expect(byAppearance([green], looks(0))).toEqual([]);
});

test('a person detected twice, whole and in part, counts once', () => {
  const whole = person(100, 100, 100, 300, 0.8);
  const trunk = person(105, 105, 90, 140, 0.4);
  const again = person(103, 98, 104, 296, 0.5);
  const other = person(400, 100, 100, 300, 0.3);
  expect(withoutRepeats([trunk, other, again, whole])).toEqual([whole, other]);
});

test('overlap is the share of both boxes together', () => {
  const box = { x: 0, y: 0, width: 10, height: 10 };
  expect(overlap(box, { x: 5, y: 0, width: 10, height: 10 })).toBeCloseTo(1 / 3, 9);
  expect(overlap(box, { x: 10, y: 0, width: 10, height: 10 })).toBe(0);
});

test('nobody shrinks to a third', () => {
  const known = { x: 0, y: 0, width: 100, height: 300 };
  expect(couldBeSize({ x: 0, y: 0, width: 150, height: 150 }, known)).toBe(true);
  expect(couldBeSize({ x: 0, y: 0, width: 30, height: 80 }, known)).toBe(false);
});

function track(x: number, time_s: number, appearance: number[]): Track {
  return { body: bodyOf(standing(x, 500, 100)) as Body, appearance, time_s, velocity: { x: 0, y: 0 } };
}

test('a bystander who walks on is recognised, and who fits the person better is left over', () => {
  const followed = track(300, 1, looks(0));
  const bystander = track(800, 1, looks(30));
  const [walkedOn, back] = [track(760, 1.3, looks(30)), track(380, 1.3, looks(0))];
  expect(recogniseBystanders(followed, [bystander], [back, walkedOn])).toEqual([null, 0]);
});

test('where only the bystander is left, nobody is left over', () => {
  const followed = track(300, 1, looks(0));
  const bystander = track(500, 1, looks(30));
  expect(recogniseBystanders(followed, [bystander], [track(430, 1.2, looks(30))])).toEqual([0]);
});

test('each bystander is at most one of those seen', () => {
  const bystander = track(800, 1, looks(30));
  const seen = [track(900, 1.2, looks(30)), track(810, 1.2, looks(30))];
  expect(recogniseBystanders(null, [bystander], seen)).toEqual([null, 0]);
});

test('who looks like the person, and not like the bystander, is left over wherever they are', () => {
  const followed = track(300, 1.2, looks(0, 1, 2));
  // Last seen a second ago: the place tells little by now.
  const bystander = track(1100, 0.2, looks(0, 1, 30));
  expect(recogniseBystanders(followed, [bystander], [track(1000, 1.4, looks(0, 1, 2))])).toEqual([null]);
  expect(recogniseBystanders(followed, [bystander], [track(1000, 1.4, looks(0, 1, 30))])).toEqual([0]);
});

test('of a bystander seen a moment ago the place tells, also when they turn round and look like the person', () => {
  const followed = track(300, 1.2, looks(0, 1, 2));
  const bystander = track(1100, 1.2, looks(0, 1, 30));
  expect(recogniseBystanders(followed, [bystander], [track(1095, 1.4, looks(0, 1, 2))])).toEqual([0]);
});

test('in the same clothes, the place tells who is who', () => {
  const followed = track(300, 1.2, looks(0));
  const bystander = track(1100, 1.2, looks(0));
  expect(recogniseBystanders(followed, [bystander], [track(1060, 1.4, looks(0))])).toEqual([0]);
});
