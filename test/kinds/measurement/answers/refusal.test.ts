import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type AssistAnswer, assistAnswer } from '../../../../src/kinds/measurement/answers/answer.ts';
import type { AssistFrame } from '../../../../src/kinds/measurement/answers/question.ts';
import { refusalOf, refusalOfUnknown } from '../../../../src/kinds/measurement/answers/refusal.ts';
import type { Point } from '../../../../src/kinds/measurement/outcome.ts';

const phone: Point[] = [
  [1000, 300],
  [1500, 300],
  [1500, 1300],
  [1000, 1300],
];
const frame: AssistFrame = {
  image: { width: 4000, height: 3000 },
  needs_reference: false,
  needs_object: false,
  objects: [
    { n: 1, outline: phone },
    { n: 2, outline: phone.map(([x, y]) => [x + 1000, y]) },
  ],
};
const noReference = { ...frame, needs_reference: true };
const empty = { ...frame, needs_object: true, objects: [] };
const corners: Point[] = [
  [200, 200],
  [500, 210],
  [490, 520],
  [190, 500],
];
const coin: AssistFrame = { ...noReference, reference_kind: 'coin' };
/** Points on the rim of a coin seen aslant, at these degrees of it. */
const rim = (...degrees: number[]): Point[] =>
  degrees.map((degree) => {
    const t = (degree * Math.PI) / 180;
    const [u, v] = [120 * Math.cos(t), 80 * Math.sin(t)];
    return [Math.round(400 + 0.8 * u - 0.6 * v), Math.round(400 + 0.6 * u + 0.8 * v)];
  });
const size = { width_mm: 85, height_mm: 168 };

test.each<[string, AssistAnswer, AssistFrame]>([
  ['the reference’s corners', { reference_corners: corners }, noReference],
  ['only its true size', { size_mm: 60 }, frame],
  ['an outline drawn anew', { outlines: [{ n: 2, points: phone }] }, frame],
  ['one value', { values: [{ n: 1, width_mm: 85 }] }, frame],
  [
    'sizes of all objects where there is no scale',
    { values: [1, 2].map((n) => ({ n, ...size })) },
    noReference,
  ],
  ['an object nobody found', { outlines: [{ n: 1, points: phone }] }, empty],
  ['points on the rim of a coin, to a pixel', { reference_corners: rim(0, 60, 120, 180, 240, 300) }, coin],
  ['many of them, in no order', { reference_corners: rim(200, 10, 50, 120, 260, 310, 350, 90) }, coin],
  ['corners a little outside the image', { reference_corners: [[-100, 200], ...corners.slice(1)] }, frame],
])('%s is an answer', (_what, answer, asked) => {
  expect(assistAnswer.parse(answer)).toEqual(answer);
  expect(refusalOf(answer, asked)).toBeNull();
});

test.each<[string, AssistAnswer, AssistFrame, RegExp]>([
  ['nothing', {}, frame, /^Nothing was put right/],
  ['a note alone', { note: 'looks fine' }, frame, /^Nothing was put right/],
  ['no values', { values: [] }, frame, /^Nothing was put right/],
  ['a size of 0', { size_mm: 0 }, frame, /^size_mm: 0 mm is no size/],
  [
    'corners outside the image',
    { reference_corners: [[-300, 200], ...corners.slice(1)] },
    frame,
    /-300,200 is outside the image of 4000 × 3000/,
  ],
  [
    'corners crosswise',
    { reference_corners: [0, 2, 1, 3].map((i) => corners[i] as Point) },
    frame,
    /no convex quadrilateral/,
  ],
  ['corners counter-clockwise', { reference_corners: corners.toReversed() }, frame, /Give them clockwise/],
  [
    'a width longer than the height',
    { values: [{ n: 1, width_mm: 168, height_mm: 85 }] },
    frame,
    /The width is the shorter side: give them the other way round/,
  ],
  [
    'an area larger than its rectangle',
    { values: [{ n: 1, ...size, area_mm2: 85 * 168 * 1.03 }] },
    frame,
    /is more than width_mm × height_mm, 14280/,
  ],
  [
    'a perimeter shorter than the sides',
    { values: [{ n: 1, height_mm: 168, perimeter_mm: 300 }] },
    frame,
    /less than there and back along its side of 168/,
  ],
  [
    'an area that no such perimeter encloses',
    { values: [{ n: 1, width_mm: 85, area_mm2: 14_000, perimeter_mm: 400 }] },
    frame,
    /more than a circle of perimeter_mm 400 encloses/,
  ],
  [
    'the corners of the picture',
    {
      reference_corners: [
        [0, 0],
        [3999, 0],
        [3999, 2999],
        [0, 2999],
      ],
    },
    frame,
    /^reference_corners: they take up 100 % of the picture/,
  ],
  ['object 7 where none was found', { values: [{ n: 7, ...size }] }, empty, /no object 7.*from 1 on/],
  [
    'corners in one spot',
    { reference_corners: corners.map(([x, y]): Point => [200 + x / 50, 200 + y / 50]) },
    frame,
    /too few to measure by/,
  ],
  [
    'five corners of a marker',
    { reference_corners: [...corners, [180, 300]] },
    frame,
    /5 points; give the four/,
  ],
  [
    'the ends of two diameters of a coin',
    { reference_corners: rim(45, 135, 225, 315) },
    coin,
    /4 points are too few for a coin\. Give 6 points or more on the rim of the coin, all around it\./,
  ],
  [
    'six points on half of the rim',
    { reference_corners: rim(0, 30, 60, 90, 120, 150) },
    coin,
    /a part of the rim, 210° of it, has no point/,
  ],
  [
    'a point far off the rim',
    { reference_corners: [...rim(0, 60, 120, 180, 240), [400, 400]] },
    coin,
    /no ellipse|away from an ellipse/,
  ],
  [
    'the corners of a square as a coin',
    { reference_corners: [...phone, [1250, 300], [1250, 1300]] },
    coin,
    /no ellipse|away from an ellipse/,
  ],
  [
    'points on a line as a coin',
    { reference_corners: rim(0, 60, 120, 180, 240, 300).map(([x]): Point => [x, x]) },
    coin,
    /no ellipse runs through them/,
  ],
  [
    'a coin of a few pixels',
    { reference_corners: rim(0, 60, 120, 180, 240, 300).map(([x, y]): Point => [x / 20, y / 20]) },
    coin,
    /enclose 7\d square pixels, too few/,
  ],
  [
    'an outline like an 8',
    { outlines: [{ n: 1, points: [0, 2, 1, 3].map((i) => phone[i] as Point) }] },
    frame,
    /of object 1 crosses itself/,
  ],
  [
    'a tiny outline',
    {
      outlines: [
        {
          n: 1,
          points: [
            [0, 0],
            [9, 0],
            [9, 9],
          ],
        },
      ],
    },
    frame,
    /too few to measure/,
  ],
  ['an object that is not there', { values: [{ n: 3, width_mm: 85 }] }, frame, /no object 3; there is 1, 2/],
  ['an object twice', { values: [1, 1].map((n) => ({ n, ...size })) }, frame, /object 1 is given twice/],
  ['an object without a word', { values: [{ n: 1 }] }, frame, /nothing is said of object 1/],
  [
    'a negative width',
    { values: [{ n: 1, width_mm: -85 }] },
    frame,
    /width_mm of object 1 is -85; more than 0/,
  ],
  ['more than 100 m', { values: [{ n: 1, height_mm: 100_001 }] }, frame, /at most 100000 mm/],
  ['no scale', { outlines: [{ n: 1, points: phone }] }, noReference, /no scale: give reference_corners/],
  ['one of two sizes', { values: [{ n: 1, ...size }] }, noReference, /width_mm and height_mm of object 2/],
  [
    'a width without a height',
    { values: [1, 2].map((n) => ({ n, width_mm: 85 })) },
    noReference,
    /object 1, 2/,
  ],
  ['a reference, but no object', { reference_corners: corners }, empty, /draw its outline/],
  [
    'a reference on the only object',
    { reference_corners: phone },
    { ...noReference, objects: frame.objects.slice(0, 1) },
    /lies on the only object/,
  ],
])('%s is refused with the reason', (_what, answer, asked, reason) => {
  expect(refusalOf(answer, asked)).toMatch(reason);
});

test('what is misspelt is no answer', () => {
  expect(assistAnswer.safeParse({ corners }).success).toBe(false);
  expect(assistAnswer.safeParse({ reference_corners: corners.slice(1) }).success).toBe(false);
  expect(assistAnswer.safeParse({ values: [{ n: 1, width: 85 }] }).success).toBe(false);
});

test.each(['\0', 'seen \ud83d', '\udca9'])(
  'a note that the database could not keep is no answer: %j',
  (note) => {
    const answer = { reference_corners: corners, note };
    expect(assistAnswer.safeParse(answer).error?.issues[0]).toMatchObject({
      path: ['note'],
      message: expect.stringContaining('cannot be kept'),
    });
    expect(refusalOfUnknown(answer, frame)).toMatch(/^note: has what cannot be kept/);
  },
);

test('any other note is: of every script, with pictures and line breaks', () => {
  const note = 'Größe 85 mm\n寸法 📏 \u0001';
  expect(assistAnswer.parse({ reference_corners: corners, note }).note).toBe(note);
});

test('outlines have 4096 points in all', () => {
  const points = Array.from({ length: 512 }, (_, i): Point => [i, i * i]);
  const outlines = (count: number) => Array.from({ length: count }, (_, i) => ({ n: i + 1, points }));
  expect(assistAnswer.safeParse({ outlines: outlines(8) }).success).toBe(true);
  expect(refusalOfUnknown({ outlines: outlines(9) }, frame)).toBe(
    'outlines: more than 4096 points in all; draw them with fewer',
  );
});

test('a −0, which JSON has and the database has not, is a 0', () => {
  const given = { reference_corners: [[-0, 200], ...corners.slice(1)] };
  expect(Object.is(assistAnswer.parse(given).reference_corners?.[0]?.[0], 0)).toBe(true);
});

const inside = fc.tuple(fc.integer({ min: 0, max: 4000 }), fc.integer({ min: 0, max: 3000 }));

test('any rectangle of some size beside which there is a picture may be the reference, from any corner, clockwise', () => {
  fc.assert(
    fc.property(inside, inside, fc.nat(3), fc.boolean(), ([a, b], [c, d], first, mirrored) => {
      fc.pre(Math.abs(a - c) > 30 && Math.abs(b - d) > 30);
      fc.pre(Math.abs((a - c) * (b - d)) < 0.6 * 4000 * 3000);
      const around: Point[] = [
        [a, b],
        [c, b],
        [c, d],
        [a, d],
      ];
      const given = [...around.slice(first), ...around.slice(0, first)];
      if (mirrored) given.reverse();
      const outline = [{ n: 1, points: phone }];
      const refused = refusalOf({ reference_corners: given, outlines: outline }, noReference);
      if ((c - a) * (d - b) > 0 !== mirrored) expect(refused).toBeNull();
      else expect(refused).toMatch(/counter-clockwise/);
      expect(
        refusalOf({ reference_corners: [0, 2, 1, 3].map((i) => given[i] as Point) }, noReference),
      ).toMatch(/convex/);
    }),
  );
});

test('a star around a middle never crosses itself; any shape that parses is judged without an error', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 20, max: 900 }), { minLength: 3, maxLength: 60 }), (radii) => {
      const points = radii.map((r, i): Point => {
        const angle = (2 * Math.PI * i) / radii.length;
        return [2000 + r * Math.cos(angle), 1500 + r * Math.sin(angle)];
      });
      expect(refusalOf({ outlines: [{ n: 1, points }] }, frame) ?? '').not.toMatch(/crosses itself/);
    }),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.double(), fc.double()), { minLength: 3, maxLength: 8 }),
      fc.double(),
      (points, value) => {
        const answer = { outlines: [{ n: 1, points }], values: [{ n: 2, width_mm: value }] };
        const refusal = refusalOf(answer, frame);
        expect(refusal === null || refusal.length > 10).toBe(true);
      },
    ),
  );
});
