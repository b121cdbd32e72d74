import { expect, test } from '@jest/globals';
import {
  measurementReport,
  type ReportedMeasurement,
} from '../../../../src/kinds/measurement/answers/report.ts';
import type { Quantity } from '../../../../src/kinds/measurement/outcome.ts';

const of = (value: number | null, unit: Quantity['unit'], method = 'by homography') => ({
  value,
  unit,
  method,
});
const sides = (width: number | null, height: number | null) => ({
  width: of(width, 'mm'),
  height: of(height, 'mm'),
});

const byMachine: ReportedMeasurement = {
  reference: {
    ...{ kind: 'aruco', id: 10, size_mm: 50, source: 'machine' },
    terms: [
      { name: 'marker_squareness', score: 0.5, why: 'It lies bent.' },
      { name: 'marker_size', score: 1, why: 'Large enough.' },
    ],
  },
  scale: { px_per_mm: 3.456 },
  confidence: 0.8,
  reasons: [],
  measurements: [
    {
      ...{ n: 1, ...sides(85.46, 169.4), area: of(14_000, 'mm²'), perimeter: of(500, 'mm') },
      ...{ confidence: 0.8, machine: null },
      terms: [
        { name: 'tilt', score: 0.8, why: 'The camera looks at the plane 40° from straight down.' },
        { name: 'resolution', score: 1, why: 'Long enough.' },
      ],
    },
  ],
  images: { annotated: { key: 'jobs/j/measuring/annotated.jpg' }, rectified: null },
  answers: [],
};
const place = { file_name: 'phone.jpg', pictures: 'measuring/' };

test('sizes, the picture, the reference, and what speaks against the numbers', () => {
  const report = measurementReport(byMachine, place);
  expect(report).toMatch(/^# Measurement: phone\.jpg\n\n\| Object \|/);
  expect(report).toContain('| 1 | 85.5 × 169.4 mm | 14000.0 mm² | 500.0 mm | 0.80 |\n');
  expect(report).toContain('](measuring/annotated.jpg)');
  expect(report).toContain('the ArUco marker 10 of 50 mm, found by the machine. There a millimetre is 3.46');
  expect(report).toContain('- The reference, marker squareness 0.50: It lies bent.');
  expect(report).toContain('- Object 1, tilt 0.80: The camera looks');
  for (const absent of ['marker size', 'resolution', 'rectified', 'machine’s', 'person was asked'])
    expect(report).not.toContain(absent);
});

test('after an answer: the machine’s value beside the person’s, why, who, when and the note', () => {
  const [object] = byMachine.measurements;
  const report = measurementReport(
    {
      ...byMachine,
      reasons: [{ message: 'No marker was found.' }],
      measurements: [
        {
          ...(object as NonNullable<typeof object>),
          width: of(86, 'mm', 'person: by caliper'),
          machine: { ...sides(null, null), area: of(null, 'mm²'), perimeter: of(485.8, 'mm') },
        },
      ],
      images: { annotated: null, rectified: { key: 'jobs/j/measuring/rectified-2.a3.jpg' } },
      answers: [
        {
          by: 'lab_7',
          at: '2026-11-21T10:00:00.000Z',
          answer: {
            reference_corners: [],
            size_mm: 50,
            values: [{ n: 1, width_mm: 86 }],
            note: 'under\nthe <b>paint</b>',
          },
        },
      ],
    },
    place,
  );
  expect(report).toContain('| Confidence | The machine’s |');
  expect(report).toContain('| 1 | 86.0 (by hand) × 169.4 mm |');
  expect(report).toContain('| 0.80 | size unknown, 485.8 mm |');
  expect(report).toContain('## Why a person was asked\n\n- No marker was found.');
  expect(report).toContain(
    '- lab\\_7 gave the place of the reference, its size of 50 mm, of object 1 width 86 mm, 2026-11-21T10:00:00.000Z: “under the \\<b\\>paint\\</b\\>”',
  );
  expect(report).toContain('](measuring/rectified-2.a3.jpg)');
});

test('a person may know one side only, and nothing may be found', () => {
  const [object] = byMachine.measurements;
  const one = { ...(object as NonNullable<typeof object>), ...sides(85, null) };
  expect(measurementReport({ ...byMachine, measurements: [one] }, place)).toContain('85.0 × unknown mm');
  expect(measurementReport({ ...byMachine, measurements: [] }, { ...place, file_name: null })).toMatch(
    /^# Measurement\n\nNo object was found\./,
  );
});
