import { expect, test } from '@jest/globals';
import { borderContact } from '../../../../src/kinds/mri/analysis/border.ts';
import { brainMask, shareInOnePiece } from '../../../../src/kinds/mri/analysis/brain-mask.ts';
import { headBox } from '../../../../src/kinds/mri/analysis/head-box.ts';
import { brightVesselShare, isSkullStripped } from '../../../../src/kinds/mri/analysis/head-signs.ts';
import { lookQuickly } from '../../../../src/kinds/mri/analysis/quick-look.ts';
import { t1Signs, whyNotT1 } from '../../../../src/kinds/mri/analysis/t1-check.ts';
import { unexplainedFluid } from '../../../../src/kinds/mri/analysis/unexplained-fluid.ts';
import type { Affine } from '../../../../src/kinds/mri/volume/volume.ts';
import {
  AIR,
  CSF,
  CT,
  GREY,
  middle,
  PD,
  SCALP,
  type Spot,
  shellHead,
  shown,
  side,
  size,
  T1,
  T2,
  WHITE,
} from '../../../support/mri/shell-head.ts';

const usual = shellHead();
const brain = usual.map((code) => (code === WHITE || code === GREY ? code : 0));
const mask = brainMask(brain, size);

test('the mask of a brain has its ventricles, and one that reaches into the scalp is bound by the structures', () => {
  expect(
    mask.every((within, at) => within === ([WHITE, GREY].includes(usual[at] as number) ? 1 : within)),
  ).toBe(true);
  expect(mask[Math.trunc(middle + 8) + side * (45 + side * 45)]).toBe(1);
  const leaking = usual.map((code) => (code === AIR ? 0 : 1));
  // A model that knows the head sees all of its structures.
  const whole = brain.map((code, at) => (code === 0 ? 0 : 1 + (at % 17)));
  const bound = brainMask(leaking, size, whole);
  expect(bound.some((within, at) => within === 1 && usual[at] === SCALP)).toBe(false);
  // One that sees two of them bounds nothing.
  expect(brainMask(leaking, size, brain).some((within, at) => within === 1 && usual[at] === SCALP)).toBe(
    true,
  );
  expect(shareInOnePiece(brain, size)).toBe(1);
});

test.each([
  ['T1', T1, null],
  ['T2', T2, /outermost 4 mm/],
  ['PD', PD, /outermost 4 mm/],
  ['CT', CT, /outermost 4 mm/],
] as const)(
  '%s is told by what is dark and what is bright in the brain, not by a split of tissue',
  (_, brightness, why) => {
    const found = whyNotT1(t1Signs(shown(usual, brightness), mask, size));
    if (why === null) expect(found).toBeNull();
    else expect(found).toMatch(why);
  },
);

test('a brain whose darkest part is not its fluid is no T1', () => {
  expect(whyNotT1({ outside: 100, depth: 130, darkest: 20, brightest: 60 })).toMatch(/fluid/);
});

test('the quick look says how much and where, or why it is no head', () => {
  const look = lookQuickly(shown(usual, T1), brain, size);
  if ('no_head_t1' in look) throw new Error(look.no_head_t1);
  expect(look.rough.brain_ml).toBeCloseTo(brain.filter((code) => code > 0).length / 1000);
  expect(look.rough.grey_ml).toBeLessThan(look.rough.white_ml);
  expect(look.brain_box).toEqual({ from: [0, 0, 0], to: [side, side, side] });
  expect(lookQuickly(shown(usual, T2), brain, size)).toEqual({
    no_head_t1: expect.stringMatching(/outermost/),
  });
  const few = brain.map((code, at) => (code === WHITE && at > 0.6 * side ** 3 ? 1 : 0));
  expect(lookQuickly(shown(usual, T1), few, size)).toEqual({
    no_head_t1: expect.stringMatching(/ml were found/),
  });
  expect(lookQuickly(shown(usual, T1), new Uint8Array(side ** 3), size)).toHaveProperty('no_head_t1');
});

test('the box of a head leaves out the air and stray bright voxels; an empty volume has none', () => {
  const values = shown(usual, T1);
  values[0] = 255;
  const box = headBox(values, size);
  for (let axis = 0; axis < 3; axis++) {
    expect(box?.from[axis]).toBeLessThanOrEqual(3);
    expect(box?.to[axis]).toBeGreaterThanOrEqual(side - 3);
  }
  const small = new Float32Array(side ** 3);
  for (let at = 0; at < small.length; at++) {
    const place = [at % side, Math.trunc(at / side) % side, Math.trunc(at / side ** 2)];
    if (place.every((n) => n >= 40 && n < 60)) small[at] = 200;
  }
  expect(headBox(small, size)).toEqual({ from: [34, 34, 34], to: [66, 66, 66] });
  expect(headBox(new Float32Array(side ** 3), size)).toBeNull();
});

test('a head without its skull is known by the emptiness around the brain', () => {
  expect(isSkullStripped(shown(usual, T1), mask, size)).toBe(false);
  expect(isSkullStripped(shown(brain, T1), mask, size)).toBe(true);
});

test('vessels brighter than white matter in the outer layer of the brain show a contrast agent', () => {
  const values = shown(usual, T1);
  expect(brightVesselShare(values, mask, size, 200)).toBe(0);
  for (let at = 0; at < values.length; at += 40) if (usual[at] === GREY) values[at] = 320;
  expect(brightVesselShare(values, mask, size, 200)).toBeGreaterThan(0.003);
});

const midline = { offset: middle, slopeJ: 0, slopeK: 0 };
const noStructures = new Uint8Array(side ** 3);

test('deep fluid that is neither a ventricle nor mirrored is counted; ventricles are explained by their twins or by a model', () => {
  const hole: Spot = (i, j, k) => (Math.hypot(i - 26, j - 47, k - 56) < 5 ? CSF : undefined);
  const found = (tissue: Uint8Array, structures: Uint8Array) =>
    unexplainedFluid(
      tissue.map((code) => (code > CSF ? 0 : code)),
      structures,
      mask,
      size,
      midline,
    );
  expect(found(usual, noStructures)).toBe(0);
  const holed = shellHead(hole);
  expect(found(holed, noStructures)).toBeGreaterThan(450);
  // Where a model sees a ventricle there, it is one.
  expect(
    found(
      holed,
      holed.map((code) => (code === CSF ? 3 : 0)),
    ),
  ).toBe(0);
});

test('how much of a brain lies at the border is told by the scan’s own field of view, which may be turned', () => {
  const affine: Affine = [
    [-1, 0, 0, middle],
    [0, 0, 1, -middle],
    [0, -1, 0, middle],
    [0, 0, 0, 1],
  ];
  const grid = { dimensions: size, affine };
  expect(borderContact(mask, grid, grid)).toBe(0);
  // The lower third is beyond the scan: z from −18 up.
  const cut = {
    dimensions: [side, side, 64] as const,
    affine: [
      [1, 0, 0, -middle],
      [0, 1, 0, -middle],
      [0, 0, 1, -18],
      [0, 0, 0, 1],
    ] as const,
  };
  const partial = mask.map((within, at) => (middle - (Math.trunc(at / side) % side) < -18 ? 0 : within));
  expect(borderContact(partial, grid, cut)).toBeGreaterThan(0.1);
  const turn = Math.PI / 4;
  const turned = {
    dimensions: [side, side, side] as const,
    affine: [
      [Math.cos(turn), -Math.sin(turn), 0, 15],
      [Math.sin(turn), Math.cos(turn), 0, -middle * Math.SQRT2],
      [0, 0, 1, -middle],
      [0, 0, 0, 1],
    ] as const,
  };
  expect(borderContact(mask, grid, turned)).toBeGreaterThan(0);
});
