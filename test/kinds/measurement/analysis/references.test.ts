import { beforeAll, expect, test } from '@jest/globals';
import type { MeasureOutcome } from '../../../../src/kinds/measurement/outcome.ts';
import { measureSpecialScenes } from '../../../support/measurement/special-scenes.ts';

let outcomes: Record<string, MeasureOutcome>;
beforeAll(async () => {
  outcomes = await measureSpecialScenes();
}, 240_000);

const outcome = (name: string) => outcomes[name] as MeasureOutcome;
const codes = (name: string) => outcome(name).reasons.map(({ code }) => code);

/** One plate of 100 × 60 mm and nothing else, within a share. */
function expectPlate(name: string, within: number): void {
  expect(outcome(name).objects).toHaveLength(1);
  const [plate] = outcome(name).objects;
  expect(Math.abs((plate?.width.value ?? 0) / 60 - 1)).toBeLessThan(within);
  expect(Math.abs((plate?.height.value ?? 0) / 100 - 1)).toBeLessThan(within);
}

test('two markers of one size in one plane are used together', () => {
  expectPlate('two markers', 0.01);
  expect(codes('two markers')).toEqual([]);
  expect(outcome('two markers').scale?.source).toMatch(/markers 10, 3|markers 3, 10/);
});

test('a marker on another plane shows, and a person is asked', () => {
  expect(codes('a marker on another plane')).toEqual(['low_confidence']);
  const [reason] = outcome('a marker on another plane').reasons;
  expect(reason?.terms?.map(({ name }) => name)).toContain('reference_agreement');
});

test("a marker's white paper on a dark table is no object", () => {
  expectPlate('a marker on white paper', 0.01);
});

test('a card is a reference', () => {
  expectPlate('a card', 0.015);
  expect(codes('a card')).toEqual([]);
  expect(outcome('a card').reference).toMatchObject({ kind: 'card', size_mm: 85.6, id: null });
});

test('paper of the shape of a card, but another size, is told by its sharp corners', () => {
  expect(codes('paper of the shape of a card')).toContain('no_reference');
});

test('of two cards nobody can tell which is the reference', () => {
  expect(codes('two cards')).toContain('several_references');
});

test('a coin seen from straight above is a reference', () => {
  expectPlate('a coin', 0.02);
  expect(outcome('a coin').reference).toMatchObject({ kind: 'coin', size_mm: 25.75 });
});

test('a coin seen aslant does not tell the perspective, and a person is asked', () => {
  expect(codes('a coin seen aslant')).toContain('low_confidence');
});

test('a soft shadow is no object', () => {
  expect(codes('a shadow and no object')).toEqual(['no_object']);
});

test('an object beside its own soft shadow is measured without it', () => {
  expectPlate('an object in its shadow', 0.01);
});

test.each(['an object with a hard shadow', 'a pale object with a hard shadow'])(
  '%s is not trusted',
  (name) => {
    expect(codes(name)).toEqual(['low_confidence']);
    expect(outcome(name).reasons[0]?.terms?.map((term) => term.name)).toContain('ambiguity');
  },
);
