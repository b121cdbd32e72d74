import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { measurementOptions, type ReferenceOptions } from '../../../../src/domain/kinds/measurement.ts';
import { correctOutcome } from '../../../../src/kinds/measurement/analysis/correct-outcome.ts';
import { measureObject } from '../../../../src/kinds/measurement/analysis/measure-object.ts';
import {
  measurePicture,
  type Photograph,
} from '../../../../src/kinds/measurement/analysis/measure-picture.ts';
import { type AssistAnswer, assistAnswer } from '../../../../src/kinds/measurement/answers/answer.ts';
import { askOf, lackedBy } from '../../../../src/kinds/measurement/answers/question.ts';
import { refusalOf } from '../../../../src/kinds/measurement/answers/refusal.ts';
import type { MeasuredObject, MeasureOutcome, Point } from '../../../../src/kinds/measurement/outcome.ts';
import { map, projection, renderScene } from '../../../support/measurement/render-scene.ts';
import { marker } from '../../../support/measurement/shapes.ts';

const camera = { width: 80, height: 60, focal: 1, tilt: 20, turn: 10, distance: 200, over: [0, 0] as const };
const side = 80;
const [x, y] = [-25, -15];
const markerCorners = [
  [x - side / 2, y - side / 2],
  [x + side / 2, y - side / 2],
  [x + side / 2, y + side / 2],
  [x - side / 2, y + side / 2],
].map(([u, v]): Point => map(projection(camera), u as number, v as number));

const look = { blur: 0.6, noise: 0, vignetting: 0, slope: 0, grain: 0, shadow: 0 };
const picture = renderScene({
  ...look,
  camera,
  table: [205, 203, 198],
  things: [marker([x, y], 0, side, 10)],
  seed: 1,
});
const full = { width: 400, height: 300 };
const marked: Photograph = { picture, full, markers: [{ id: 10, corners: markerCorners }] };
const unmarked: Photograph = { ...marked, markers: [] };

const aruco: ReferenceOptions = { kind: 'aruco', dictionary: 'DICT_5X5_50', size_mm: side };
const references: ReferenceOptions[] = [aruco, { kind: 'card' }, { kind: 'coin', diameter_mm: 25.75 }];
const optionsFor = (reference: ReferenceOptions) => measurementOptions.parse({ reference });

/** As the API asks about it, and as what it accepts is worked in. */
function refusal(answer: AssistAnswer, outcome: MeasureOutcome): string | null {
  return refusalOf(answer, askOf(outcome, outcome.reasons, new Date(0)));
}

/** Points around a middle, each at its own distance: no side crosses another. */
const around = (least: number, most: number) =>
  fc
    .record({
      middle: fc.tuple(
        fc.double({ min: 60, max: 340, noNaN: true }),
        fc.double({ min: 60, max: 240, noNaN: true }),
      ),
      radii: fc.array(fc.double({ min: 2, max: 70, noNaN: true }), { minLength: least, maxLength: most }),
      turn: fc.double({ min: 0, max: 7, noNaN: true }),
    })
    .map(({ middle: [u, v], radii, turn }) =>
      radii.map((r, i): Point => {
        const angle = turn + (2 * Math.PI * i) / radii.length;
        return [u + r * Math.cos(angle), v + r * Math.sin(angle)];
      }),
    );

/** Points on an ellipse, to a pixel. */
const rim = fc
  .record({
    middle: fc.tuple(fc.integer({ min: 100, max: 300 }), fc.integer({ min: 80, max: 220 })),
    radii: fc.tuple(fc.integer({ min: 20, max: 80 }), fc.integer({ min: 20, max: 80 })),
    count: fc.integer({ min: 6, max: 12 }),
  })
  .map(({ middle: [u, v], radii: [a, b], count }) =>
    Array.from({ length: count }, (_, i): Point => {
      const angle = (2 * Math.PI * i) / count;
      return [Math.round(u + a * Math.cos(angle)), Math.round(v + b * Math.sin(angle))];
    }),
  );

const n = fc.integer({ min: 1, max: 3 });
const length = fc.double({ min: 1e-3, max: 100_000, noNaN: true });
const answers: fc.Arbitrary<AssistAnswer> = fc.record(
  {
    reference_corners: fc.oneof(around(4, 4), rim),
    size_mm: fc.double({ min: 0.1, max: 10_000, noNaN: true }),
    outlines: fc.uniqueArray(fc.record({ n, points: around(3, 12) }), {
      selector: (one) => one.n,
      maxLength: 2,
    }),
    values: fc.uniqueArray(
      fc.record(
        { n, width_mm: length, height_mm: length, area_mm2: length, perimeter_mm: length },
        { requiredKeys: ['n', 'width_mm', 'height_mm'] },
      ),
      { selector: (one) => one.n, maxLength: 3 },
    ),
  },
  { requiredKeys: [] },
);

const found = new Map(
  [marked, unmarked].map((photograph) => [photograph, measurePicture(photograph, optionsFor(aruco))]),
);

/** What the machine made of it, with so many objects. */
function machines(photograph: Photograph, outlines: Point[][], reference = aruco): MeasureOutcome {
  const outcome = found.get(photograph) as MeasureOutcome;
  const objects = outlines.map(
    (outline, i): MeasuredObject => measureObject({ n: i + 1, outline, source: 'machine', terms: [] }, null),
  );
  const parameters = { options: optionsFor(reference) };
  return { ...outcome, objects, provenance: { models: [], parameters } };
}

function everyNumber(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(everyNumber) : [];
}

test('whatever answer is accepted leads to an outcome, and so does another one after it', () => {
  let accepted = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...references),
      fc.constantFrom(marked, unmarked),
      fc.array(around(3, 8), { maxLength: 3 }),
      fc.array(answers, { minLength: 1, maxLength: 3 }),
      (reference, photograph, outlines, given) => {
        const options = optionsFor(reference);
        let outcome = machines(photograph, outlines, reference);
        for (const answer of given) {
          if (refusal(answer, outcome) !== null) continue;
          accepted++;
          outcome = correctOutcome(photograph, options, assistAnswer.parse(answer), outcome);
          expect(everyNumber(outcome).filter((one) => !Number.isFinite(one))).toEqual([]);
          expect(outcome.reasons).toEqual([]);
          expect(lackedBy(outcome).length).toBeLessThan(2);
        }
      },
    ),
    { numRuns: 120 },
  );
  // Some 50 by chance; none would mean that nothing was tried.
  expect(accepted).toBeGreaterThan(10);
}, 120_000);

const size = { width_mm: 85, height_mm: 168 };

test.each([
  ['the marker is there', marked, {}],
  [
    'a person shows it',
    unmarked,
    { reference_corners: markerCorners.map(([u, v]): Point => [5 * u, 5 * v]) },
  ],
  ['there is none', unmarked, {}],
])('where no object was found its sizes alone are enough: %s', (_what, photograph, more) => {
  const options = optionsFor(aruco);
  const previous = machines(photograph, []);
  const answer = { ...more, values: [{ n: 1, ...size }] };
  expect(refusal(answer, previous)).toBeNull();
  const outcome = correctOutcome(photograph, options, answer, previous);
  expect(outcome.objects).toMatchObject([
    {
      n: 1,
      source: 'person',
      outline: [],
      width: { value: 85 },
      height: { value: 168 },
      area: { value: null },
    },
  ]);
  expect(outcome.confidence).toBe(1);
  expect(lackedBy(outcome)).toEqual([]);
});

test('an object is as sure as the least sure of its values, a person’s among them', () => {
  const previous = machines(unmarked, [box(300, 200), box(20, 20)]);
  const options = optionsFor(aruco);
  const none = correctOutcome(unmarked, options, { values: [{ n: 1, ...size }] }, previous);
  expect(none.objects.map(({ confidence }) => confidence)).toEqual([1, 0]);
  expect(none.confidence).toBe(0);
  const half = correctOutcome(unmarked, options, { values: [{ n: 1, width_mm: 85 }] }, previous);
  expect(half.objects[0]?.confidence).toBe(0);
  const shown = { reference_corners: aslant, values: [{ n: 1, ...size }] };
  const measured = correctOutcome(unmarked, options, shown, previous).objects[0];
  expect(measured?.confidence).toBe(measured?.area.confidence);
  expect(measured?.confidence).toBeLessThan(1);
});

test('a small outline that a person draws scores low, as one of the machine does', () => {
  const previous = machines(marked, [box(300, 200)]);
  const tiny = box(300, 200).map(([u, v]): Point => [300 + (u - 300) / 1.3, 200 + (v - 200) / 1.3]);
  const { objects } = correctOutcome(
    marked,
    optionsFor(aruco),
    { outlines: [{ n: 1, points: tiny }] },
    previous,
  );
  expect(objects[0]?.terms.map(({ name }) => name)).toContain('resolution');
  expect(objects[0]?.confidence).toBeLessThan(0.1);
});

/** Seen so, the table ends at a third of the picture's height: nothing above lies in its plane. */
const aslant: Point[] = [
  [170, 150],
  [230, 150],
  [300, 250],
  [100, 250],
];
const box = (u: number, v: number): Point[] => [
  [u, v],
  [u + 40, v],
  [u + 40, v + 25],
  [u, v + 25],
];

describe('an answer that leaves something open', () => {
  const options = optionsFor(aruco);
  const previous = machines(unmarked, [box(310, 200), box(20, 20)]);
  const first = correctOutcome(
    unmarked,
    options,
    { reference_corners: aslant, size_mm: 40, values: [{ n: 1, area_mm2: 77 }] },
    previous,
  );

  test('is about the object beyond the horizon only', () => {
    expect(lackedBy(first)).toMatchObject([
      { code: 'no_reference', message: expect.stringContaining('object 2.') },
    ]);
    expect(first.objects[0]).toMatchObject({ width: { value: expect.any(Number) }, area: { value: 77 } });
  });

  test('holds when the next one gives sizes alone', () => {
    const answer = { values: [{ n: 2, ...size }] };
    expect(refusal(answer, first)).toBeNull();
    const second = correctOutcome(unmarked, options, answer, first);
    expect(lackedBy(second)).toEqual([]);
    expect(second.reference).toEqual(first.reference);
    expect(second.scale).toEqual(first.scale);
    expect(second.objects[0]).toEqual(first.objects[0]);
    expect(second.objects[1]).toMatchObject({ width: { value: 85 }, height: { value: 168 } });
  });

  test('holds when the next one draws an outline alone, also of an object whose area was told', () => {
    const outlines = [
      { n: 1, points: box(310, 220) },
      { n: 2, points: box(20, 200) },
    ];
    expect(refusal({ outlines }, first)).toBeNull();
    const second = correctOutcome(unmarked, options, { outlines }, first);
    expect(lackedBy(second)).toEqual([]);
    expect(second.reference).toEqual(first.reference);
    expect(second.objects).toMatchObject([
      { source: 'person', area: { value: 77, method: expect.stringMatching(/^person:/) } },
      { source: 'person', width: { value: expect.any(Number) } },
    ]);
    const third = correctOutcome(unmarked, options, { values: [{ n: 1, area_mm2: 78 }] }, second);
    expect(third.objects[0]?.area.value).toBe(78);
    expect(third.objects[1]).toEqual(second.objects[1]);
  });

  test('holds where it told but the size of the marker that the machine sees', () => {
    const found = machines(marked, [box(310, 200)]);
    const sized = correctOutcome(marked, options, { size_mm: 2 * side }, found);
    const next = correctOutcome(marked, options, { values: [{ n: 1, perimeter_mm: 12 }] }, sized);
    expect(next.reference).toMatchObject({ size_mm: 2 * side, source: 'machine' });
    expect(next.scale).toEqual(sized.scale);
  });
});
