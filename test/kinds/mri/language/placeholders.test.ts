import { expect, test } from '@jest/globals';
import { fill, placeholdersOf, valueText } from '../../../../src/kinds/mri/language/placeholders.ts';
import { head, of } from './head.ts';

test.each([
  [of(702.4, 21.3), 'ml', '702 ± 21 ml'],
  [of(3.7249, 0.1234), 'ml', '3.72 ± 0.12 ml'],
  [of(18.26, 1.6), 'ml', '18.3 ± 1.6 ml'],
  [of(0.613, 0.0004), 'ml', '0.61 ± 0.00 ml'],
  [of(1251, 0), 'ml', '1251.00 ± 0.00 ml'],
  [{ value: 702.4, uncertainty: null }, 'ml', '702 ml'],
  [{ value: 3.72, uncertainty: null }, 'ml', '3.72 ml'],
  [of(-0.04, 3.2), '%', '0.0 ± 3.2 %'],
  [of(-10, 4.5), '%', '−10.0 ± 4.5 %'],
  [
    { value: null, uncertainty: null, reason: 'The two models differ.' },
    'ml',
    'not measurable: The two models differ',
  ],
  [{ value: null, uncertainty: null }, 'ml', 'not measurable'],
] as const)('%j in %s is %s', (measured, unit, text) => {
  expect(valueText(measured, unit)).toBe(text);
});

test('the catalogue has every value of a head, each under a name without digits', () => {
  const catalogue = placeholdersOf(head());
  expect([...catalogue.keys()].filter((name) => !/^[a-z_]+$/.test(name))).toEqual([]);
  const texts = Object.fromEntries([...catalogue.values()].map(({ name, text }) => [name, text]));
  expect(texts).toMatchObject({
    gm_ml: '702 ± 21 ml',
    wm_ml: '549 ± 18 ml',
    csf_ml: '131 ± 13 ml',
    brain_ml: '1251 ± 24 ml',
    gm_share_pct: '50.8 %',
    wm_share_pct: '39.7 %',
    csf_share_pct: '9.5 %',
    hippocampus_left_ml: '3.72 ± 0.12 ml',
    hippocampus_right_ml: '4.11 ± 0.13 ml',
    hippocampus_asymmetry_pct: '−10.0 ± 4.5 %',
    third_ventricle_ml: '2.00 ± 0.20 ml',
    snr: '31.3',
    cnr: '4.2',
    border_contact_pct: '1.3 %',
    confidence: '0.87',
    voxel_mm: '1.00 × 1.00 × 1.25 mm',
    field_strength_t: '3 T',
    sequence: 'MPRAGE',
    age_years: '61 years',
  });
  // 4 tissues, 3 shares, 14 structures with three values, 3 without sides, 8 facts.
  expect(catalogue.size).toBe(4 + 3 + 3 * 14 + 3 + 8);
});

test('what is not known has no placeholder, and without all tissues there are no shares', () => {
  const catalogue = placeholdersOf(
    head({
      facts: { field_strength_t: null, sequence: null, age_years: null },
      tissue: { ...head().tissue, csf_ml: { value: null, uncertainty: null, reason: 'Too noisy.' } },
    }),
  );
  for (const name of ['field_strength_t', 'sequence', 'age_years', 'gm_share_pct'])
    expect(catalogue.has(name)).toBe(false);
  expect(catalogue.get('csf_ml')?.text).toBe('not measurable: Too noisy');
});

test('filled in are all placeholders, each by its own value; one that is none is a mistake', () => {
  const catalogue = placeholdersOf(head());
  expect(fill('{{m:gm_ml}} and {{m:wm_ml}}, {{m:gm_ml}}', catalogue)).toBe(
    '702 ± 21 ml and 549 ± 18 ml, 702 ± 21 ml',
  );
  expect(() => fill('{{m:total_ml}}', catalogue)).toThrow('There is no placeholder "total_ml".');
});
