import { expect, test } from '@jest/globals';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { type HeadLooks, measureHead } from '../../../../src/kinds/mri/analysis/measure-head.ts';
import { modelLabels, sidedCodes } from '../../../../src/kinds/mri/analysis/structures.ts';
import type { Affine, VolumeFacts } from '../../../../src/kinds/mri/volume/volume.ts';
import {
  CSF,
  GREY,
  middle,
  shellHead,
  shown,
  side,
  size,
  T1,
  WHITE,
} from '../../../support/mri/shell-head.ts';

const affine: Affine = [
  [-1, 0, 0, middle],
  [0, 0, 1, -middle],
  [0, -1, 0, middle],
  [0, 0, 0, 1],
];
const facts: VolumeFacts = {
  format: 'nifti',
  sides: 'known',
  orientation_from: 'the sform',
  voxel_mm: [1, 1, 1],
  sequence: null,
  field_strength_t: null,
  contrast_agent: 'unknown',
  manufacturer: null,
  model: null,
  age_years: null,
  sex: null,
  notices: [],
};
const tissues = shellHead();
const { cerebral_white_matter, cerebral_cortex, lateral_ventricle } = modelLabels;
const structures = tissues.map((code, at) => {
  const radius = Math.hypot(
    (at % side) - middle,
    (Math.trunc(at / side) % side) - middle,
    Math.trunc(at / side ** 2) - middle,
  );
  if (code === CSF) return radius < 30 ? lateral_ventricle : 0;
  return code === WHITE ? cerebral_white_matter : code === GREY ? cerebral_cortex : 0;
});
const random = xoroshiro128plus(3);
const values = shown(tissues, T1).map((value) =>
  value === 0 ? 0 : value + ((random.next() >>> 0) % 21) - 10,
);

const looks: HeadLooks = {
  volume: { dimensions: size, affine, data: values },
  scaling: { low: 0, scale: 1 },
  scan: { dimensions: size, affine },
  facts,
  brain: tissues.map((code) => (code === WHITE || code === GREY ? code : 0)),
  structures,
  second: structures,
};
const plain = measureHead(looks);
const termOf = ({ measurements }: typeof plain, name: string) =>
  measurements.confidence_terms.find((term) => term.name === name)?.value;

test('the tissues are told by the anchors, the ventricles are split, and small heads are said to be implausible', () => {
  const { measurements, tissue, structures: codes } = plain;
  expect(measurements.tissue_path).toBe('anchored');
  expect(measurements.quality.cnr).toBeGreaterThan(5);
  expect(termOf(plain, 'agreement')).toBe(1);
  expect(tissue.filter((code, at) => code !== 0 && code === tissues[at]).length).toBeGreaterThan(
    0.98 * tissue.filter((code) => code > 0).length,
  );
  const ventricle = (code: number) => codes.filter((one) => one === code).length;
  expect(ventricle(sidedCodes.lateral_ventricle.left)).toBe(ventricle(sidedCodes.lateral_ventricle.right));
  // 240 ml are no head: there are no numbers, and it says why.
  expect(measurements.confidence).toBe(0);
  expect(measurements.tissue.gm_ml).toEqual({
    value: null,
    uncertainty: null,
    reason: expect.stringMatching(/volume 0.00/),
  });
  expect(measurements.notices[0]).toMatch(/^Volumes are not measurable: the confidence is 0.00/);
});

test('of a partial head there are no volumes', () => {
  // The scan ends above the lowest part of the brain.
  const scan = {
    dimensions: [side, side, 70] as const,
    affine: [
      [1, 0, 0, -middle],
      [0, 1, 0, -middle],
      [0, 0, 1, -22],
      [0, 0, 0, 1],
    ] as Affine,
  };
  const inScan = (_: number, at: number) => middle - (Math.trunc(at / side) % side) >= -22;
  const cut = <T extends Uint8Array | Float32Array>(map: T) =>
    map.map((value, at) => (inScan(value, at) ? value : 0)) as T;
  const partial = measureHead({
    ...looks,
    scan,
    volume: { ...looks.volume, data: cut(values) },
    brain: cut(looks.brain),
    structures: cut(structures),
    second: cut(structures),
  });
  const { tissue, structures: measured, fractions, notices } = partial.measurements;
  expect(tissue.brain_ml).toMatchObject({
    value: null,
    reason: expect.stringMatching(/border of the field of view/),
  });
  expect(measured.lateral_ventricle.left.reason).toMatch(/a part of it is missing/);
  expect(fractions).toBeNull();
  expect(notices[0]).toMatch(/border/);
});

test('a contrast agent and a stripped skull are flagged and lower the confidence', () => {
  const bright = values.map((value, at) => (at % 40 === 0 && tissues[at] === GREY ? 320 : value));
  const enhanced = measureHead({ ...looks, volume: { ...looks.volume, data: bright } });
  expect(termOf(enhanced, 'contrast_agent')).toBeLessThan(1);
  expect(enhanced.measurements.notices.join(' ')).toMatch(/as after a contrast agent/);
  const told = measureHead({
    ...looks,
    facts: { ...facts, contrast_agent: 'yes', sides: 'unknown', voxel_mm: [1, 1, 3] },
  });
  expect(told.measurements.notices.join(' ')).toMatch(
    /A contrast agent was given.*up to 3.0 mm long.*does not say which side/,
  );
  const stripped = values.map((value, at) =>
    (looks.brain[at] as number) > 0 || structures[at] !== 0 ? value : 0,
  );
  const bare = measureHead({ ...looks, volume: { ...looks.volume, data: stripped } });
  expect(termOf(bare, 'skull_stripped')).toBeLessThan(1);
  expect(bare.measurements.notices.join(' ')).toMatch(/skull was removed/);
  for (const name of ['contrast_agent', 'skull_stripped']) expect(termOf(plain, name)).toBe(1);
});
