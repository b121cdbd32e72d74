import { expect, test } from '@jest/globals';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { Histogram } from '../../../../../src/kinds/mri/analysis/grid/histogram.ts';
import { anchorsFrom } from '../../../../../src/kinds/mri/analysis/tissue/anchors.ts';
import { whyAnchorsFail } from '../../../../../src/kinds/mri/analysis/tissue/check-anchors.ts';
import { fitMixture } from '../../../../../src/kinds/mri/analysis/tissue/mixture.ts';
import { classify } from '../../../../../src/kinds/mri/analysis/tissue/potts.ts';
import { segmentTissue } from '../../../../../src/kinds/mri/analysis/tissue/segment-tissue.ts';
import type { Dimensions } from '../../../../../src/kinds/mri/volume/volume.ts';

const size: Dimensions = [48, 48, 48];
const middle = 23.5;
const [WHITE, GREY, CSF] = [1, 2, 3];

/** Three shells: white within grey within fluid, as codes of tissue. */
const truth = new Uint8Array(48 ** 3).map((_, at) => {
  const radius = Math.hypot(
    (at % 48) - middle,
    (Math.trunc(at / 48) % 48) - middle,
    Math.trunc(at / 48 ** 2) - middle,
  );
  return radius < 15 ? WHITE : radius < 19 ? GREY : radius < 20.3 ? CSF : 0;
});
const mask = truth.map((code) => (code === 0 ? 0 : 1));
/** What a model of structures would say: white matter and cortex. */
const structures = truth.map((code) => (code === CSF ? 0 : code));

/** @param shade how much brighter the last slice is than the first, as a share */
function head(means: readonly number[], noise: number, shade = 0): Float32Array {
  const random = xoroshiro128plus(7);
  const uniform = () => (random.next() >>> 0) / 2 ** 32;
  return Float32Array.from(truth, (code, at) => {
    if (code === 0) return 0;
    const factor = 1 + shade * (Math.trunc(at / 48 ** 2) / 47 - 0.5);
    // The sum of twelve uniform values is all but normal.
    const normal = Array.from({ length: 12 }, uniform).reduce((sum, value) => sum + value, -6);
    return Math.round((means[code] as number) * factor + noise * normal);
  });
}

const share = (classes: Uint8Array) => {
  let [right, all] = [0, 0];
  for (let at = 0; at < truth.length; at++) {
    if (truth[at] === 0) continue;
    all++;
    if (classes[at] === truth[at]) right++;
  }
  return right / all;
};
const means = [0, 200, 150, 70];

test('white is the median of its depth, grey the mode of cortex, fluid as much darker as T1 makes it', () => {
  const anchors = anchorsFrom(head(means, 6), structures, size);
  expect(anchors?.white).toBeCloseTo(200, -0.5);
  expect(anchors?.grey).toBeCloseTo(150, -0.5);
  expect(anchors?.csf).toBeCloseTo(
    (anchors?.grey ?? 0) - 1.6 * ((anchors?.white ?? 0) - (anchors?.grey ?? 0)),
  );
  expect(anchors?.noise).toBeGreaterThan(4);
  expect(anchors?.noise).toBeLessThan(8);
  expect(anchorsFrom(head(means, 6), new Uint8Array(48 ** 3), size)).toBeNull();
});

test('anchors that are swapped, too near to each other, or leave no grey matter are found out', () => {
  const ofMask = Histogram.of(head(means, 6), (at) => mask[at] === 1);
  expect(whyAnchorsFail({ white: 200, grey: 150, csf: 70, noise: 6 }, ofMask)).toBeNull();
  expect(whyAnchorsFail(null, ofMask)).toMatch(/too little/);
  expect(whyAnchorsFail({ white: 150, grey: 200, csf: 280, noise: 6 }, ofMask)).toMatch(/not lie between/);
  expect(whyAnchorsFail({ white: 200, grey: 192, csf: 179, noise: 6 }, ofMask)).toMatch(
    /standard deviations/,
  );
  expect(whyAnchorsFail({ white: 60, grey: 40, csf: 8, noise: 6 }, ofMask)).toMatch(/% of the brain/);
});

test('neighbours put right what noise got wrong', () => {
  const noisy = head(means, 16);
  const cut = Uint8Array.from(noisy, (value, at) =>
    mask[at] === 0 ? 0 : value > 175 ? WHITE : value > 110 ? GREY : CSF,
  );
  const classes = classify(noisy, mask, size, { white: 200, grey: 150, csf: 70 }, 16);
  expect(share(cut)).toBeLessThan(0.97);
  expect(share(classes)).toBeGreaterThan(0.985);
  expect(classes.every((code, at) => (code === 0) === (mask[at] === 0))).toBe(true);
});

test('a mixture finds the tissues without any model, and through a shading of the coil', () => {
  for (const shade of [0, 0.5]) {
    const mixture = fitMixture(head(means, 6, shade), mask, size);
    const classes = classify(mixture.values, mask, size, mixture, mixture.noise);
    expect(share(classes)).toBeGreaterThan(0.97);
  }
});

test('the anchors are used where they hold; where a model swaps the tissues, the mixture is', () => {
  const values = head(means, 6);
  const anchored = segmentTissue(values, mask, structures, size);
  expect([anchored.path, anchored.anchors_fail]).toEqual(['anchored', null]);
  expect(share(anchored.classes)).toBeGreaterThan(0.98);
  const swapped = structures.map((code) => (code === WHITE ? GREY : code === GREY ? WHITE : 0));
  const mixed = segmentTissue(values, mask, swapped, size);
  expect(mixed.path).toBe('mixture');
  expect(mixed.anchors_fail).toMatch(/not lie between/);
  expect(mixed.otherwise).toBeNull();
  expect(share(mixed.classes)).toBeGreaterThan(0.97);
});
