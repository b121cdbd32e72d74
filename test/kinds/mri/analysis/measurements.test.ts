import { expect, test } from '@jest/globals';
import {
  type ConfidenceSigns,
  confidenceOf,
  confidenceTerms,
  LEAST_CONFIDENCE,
} from '../../../../src/kinds/mri/analysis/confidence.ts';
import { measureStructures } from '../../../../src/kinds/mri/analysis/measure-structures.ts';
import { intensitiesOf, measureTissue } from '../../../../src/kinds/mri/analysis/measure-tissue.ts';
import {
  codesByLabel,
  midlineCodes,
  modelLabels,
  sidedCodes,
} from '../../../../src/kinds/mri/analysis/structures.ts';

const HIGHEST = 17;
const { hippocampus, thalamus, accumbens, brain_stem, caudate } = modelLabels;

function counts(of: Record<number, number>): Float64Array {
  return Float64Array.from({ length: HIGHEST + 1 }, (_, label) => of[label] ?? 0);
}

const looks = {
  first: {
    left: counts({
      [hippocampus]: 4000,
      [thalamus]: 9000,
      [accumbens]: 500,
      [brain_stem]: 11_000,
      [caudate]: 3000,
    }),
    right: counts({
      [hippocampus]: 3800,
      [thalamus]: 9100,
      [accumbens]: 500,
      [brain_stem]: 10_000,
      [caudate]: 3000,
    }),
  },
  second: {
    left: counts({
      [hippocampus]: 4400,
      [thalamus]: 9000,
      [accumbens]: 900,
      [brain_stem]: 11_500,
      [caudate]: 3000,
    }),
    right: counts({
      [hippocampus]: 4000,
      [thalamus]: 9100,
      [accumbens]: 550,
      [brain_stem]: 10_500,
      [caudate]: 3000,
    }),
  },
  overlap: Float64Array.from({ length: HIGHEST + 1 }, (_, label) => (label === caudate ? 0.3 : 0.84)),
  sides: 'known' as const,
  reason: undefined,
};

test('a volume is that of the first look, and the second one says how sure it is', () => {
  const { hippocampus: found, brain_stem: stem } = measureStructures(looks);
  expect(found.left.value).toBeCloseTo(4);
  expect(found.left.uncertainty).toBeCloseTo(Math.hypot(0.4 / Math.SQRT2, 0.04 * 4));
  expect(found.both.value).toBeCloseTo(7.8);
  expect(found.asymmetry_pct.value).toBeCloseTo((200 * 0.2) / 7.8);
  expect(found.asymmetry_pct.uncertainty).toBeGreaterThan(3);
  expect(stem.middle.value).toBeCloseTo(21);
});

test('two looks that have the same volume are not exact: they differ in where it is', () => {
  const { thalamus: found } = measureStructures(looks);
  expect(found.left.uncertainty).toBeCloseTo(0.04 * 9);
});

test('what two looks measure too differently, or in different places, or not at all, is not measurable and says why', () => {
  const { accumbens: small, caudate: elsewhere, putamen } = measureStructures(looks);
  expect(small.left).toEqual({
    value: null,
    uncertainty: null,
    reason: expect.stringMatching(/differ by 57 %/),
  });
  expect(small.right.value).toBeCloseTo(0.5);
  expect(small.asymmetry_pct).toMatchObject({ value: null, reason: small.left.reason });
  expect(elsewhere.left).toMatchObject({ value: null, reason: expect.stringMatching(/different places/) });
  expect(putamen.both).toMatchObject({ value: null, reason: 'the model does not see it' });
});

test.each(['uncertain', 'unknown'] as const)(
  'sides that are %s give no left and right, but both together',
  (sides) => {
    const { hippocampus: found } = measureStructures({ ...looks, sides });
    expect(found.both.value).toBeCloseTo(7.8);
    for (const one of [found.left, found.right, found.asymmetry_pct]) {
      expect(one).toMatchObject({ value: null, reason: expect.stringMatching(/^the file .* left$/) });
    }
  },
);

test('where nothing of a head is measurable, every volume says why and none has a number', () => {
  const reason = 'the confidence is 0.10';
  const structures = measureStructures({ ...looks, reason });
  expect(JSON.stringify(structures)).not.toMatch(/"(value|uncertainty)":\d/);
  const { tissue, fractions } = measureTissue({ classes: Uint8Array.of(1, 2, 3), otherwise: null }, reason);
  expect(Object.values(tissue).every((one) => one.value === null && one.reason === reason)).toBe(true);
  expect(fractions).toBeNull();
});

test('tissue is counted in the mask, and two ways of telling it apart make it less sure than one voxel in sixty-six', () => {
  const classes = new Uint8Array(10_000).map((_, at) => (at < 4000 ? 1 : at < 8500 ? 2 : at < 9500 ? 3 : 0));
  const otherwise = classes.map((code, at) => (code === 1 && at < 400 ? 2 : code));
  const { tissue, fractions } = measureTissue({ classes, otherwise }, undefined);
  expect(tissue.wm_ml.value).toBeCloseTo(4);
  expect(tissue.gm_ml.uncertainty).toBeCloseTo(Math.hypot(0.4 / Math.SQRT2, 0.015 * 4.5));
  expect(tissue.brain_ml).toEqual({ value: expect.closeTo(8.5), uncertainty: expect.closeTo(0.015 * 8.5) });
  expect(fractions?.csf).toBeCloseTo(1 / 9.5);
});

test('intensities are told in the units of the file', () => {
  const { white, csf } = intensitiesOf(Float32Array.of(100, 200, 50, 9), Uint8Array.of(1, 1, 2, 0), {
    low: -10,
    scale: 0.5,
  });
  expect(white).toEqual({ mean: 290, deviation: 100, median: 190 });
  expect(csf.mean).toBe(-10);
});

const good: ConfidenceSigns = {
  contrast: 8,
  agreement: 0.95,
  second_look: 0.92,
  paths_differ: 0.01,
  in_one_piece: 1,
  unexplained_fluid_ml: 0,
  border_contact: 0,
  brain_ml: 1250,
  voxel_mm: 1,
  contrast_agent: false,
  skull_stripped: false,
};
const confidence = (signs: Partial<ConfidenceSigns>) => confidenceOf(confidenceTerms({ ...good, ...signs }));

test.each<[string, Partial<ConfidenceSigns>]>([
  ['little contrast', { contrast: 2 }],
  ['models that disagree with the brightness', { agreement: 0.5 }],
  ['two models that disagree', { second_look: 0.5 }],
  ['two ways that disagree', { paths_differ: 0.2 }],
  ['only one way that held', { paths_differ: null }],
  ['a brain in pieces', { in_one_piece: 0.85 }],
  ['fluid where none is expected', { unexplained_fluid_ml: 3 }],
  ['a brain at the border', { border_contact: 0.008 }],
  ['a brain too small', { brain_ml: 700 }],
  ['a brain too large', { brain_ml: 2100 }],
  ['coarse voxels', { voxel_mm: 3 }],
  ['a contrast agent', { contrast_agent: true }],
  ['a stripped skull', { skull_stripped: true }],
])('the confidence of a good head is 1, and falls with %s', (_, signs) => {
  expect(confidence({})).toBe(1);
  expect(confidence(signs)).toBeLessThan(0.96);
});

test('terms are stored with what they were computed from, and nothing that is no number raises them', () => {
  const terms = confidenceTerms({ ...good, contrast: Number.NaN });
  expect(terms.find(({ name }) => name === 'contrast')).toMatchObject({ value: 0 });
  expect(new Set(terms.map(({ name }) => name)).size).toBe(terms.length);
  expect(confidence({ brain_ml: 400 })).toBeLessThan(LEAST_CONFIDENCE);
});

test('codes of structures are all different, and FreeSurfer’s', () => {
  const codes = [
    ...Object.values(sidedCodes).flatMap(({ left, right }) => [left, right]),
    ...Object.values(midlineCodes),
  ];
  expect(new Set(codes).size).toBe(31);
  const { left, right } = codesByLabel();
  expect([left[hippocampus], right[hippocampus], left[brain_stem], right[brain_stem], left[0]]).toEqual([
    17, 53, 16, 16, 0,
  ]);
});
