import { crossesItself } from '../geometry/crosses-itself.ts';
import { areaOf, centreOf, contains } from '../geometry/polygon.ts';
import type { Point } from '../outcome.ts';
import { type AssistAnswer, assistAnswer } from './answer.ts';
import { isOutside, said, sizeOf } from './place-in-image.ts';
import type { AssistFrame } from './question.ts';
import { wrongReference } from './wrong-reference.ts';

/** Smaller, an outline gives no size worth the name: 10 × 10 pixels. */
const leastOutline = 100;
const longest_mm = 100_000;
const largest_mm2 = longest_mm ** 2;
/** Times width × height that an area may be where all three were read off by hand. */
const readOff = 1.02;

type Values = NonNullable<AssistAnswer['values']>[number];

/**
 * Why an answer cannot be right, in words for who gave it; null when it can. The API says so early, the workflow's
 * validator before anything is recorded.
 */
export function refusalOf(answer: AssistAnswer, frame: AssistFrame): string | null {
  return (
    emptyAnswer(answer) ??
    wrongReference(answer, frame) ??
    wrongOutlines(answer, frame) ??
    wrongValues(answer, frame) ??
    skippedNumber(answer, frame) ??
    leftOpen(answer, frame)
  );
}

/** The same for what somebody sent past the API, of whatever shape. */
export function refusalOfUnknown(given: unknown, frame: AssistFrame): string | null {
  const parsed = assistAnswer.safeParse(given);
  if (parsed.success) return refusalOf(parsed.data, frame);
  const [issue] = parsed.error.issues;
  return `${issue?.path.join('.') || 'answer'}: ${issue?.message ?? 'is not valid'}`;
}

function emptyAnswer({ reference_corners, size_mm, outlines, values }: AssistAnswer): string | null {
  const given = reference_corners ?? size_mm ?? outlines?.[0] ?? values?.[0];
  return given === undefined
    ? 'Nothing was put right: give reference_corners, size_mm, outlines or values.'
    : null;
}

function wrongOutlines({ outlines = [] }: AssistAnswer, frame: AssistFrame): string | null {
  const twice = repeated(outlines);
  if (twice !== undefined) return `outlines: object ${twice} is given twice.`;
  for (const { n, points } of outlines) {
    const unknown = unknownObject(n, frame);
    if (unknown) return `outlines: ${unknown}`;
    const [tooFar] = points.filter((point) => isOutside(point, frame));
    if (tooFar)
      return `outlines: ${said(tooFar)} of object ${n} is outside the image of ${sizeOf(frame)} pixels.`;
    if (crossesItself(points)) {
      return `outlines: that of object ${n} crosses itself. Give its points in turn around the object.`;
    }
    const area = areaOf(points);
    if (area < leastOutline) {
      return `outlines: that of object ${n} encloses ${Math.round(area)} square pixels, too few to measure; ${leastOutline} at least.`;
    }
  }
  return null;
}

function wrongValues({ values = [], outlines = [] }: AssistAnswer, frame: AssistFrame): string | null {
  const twice = repeated(values);
  if (twice !== undefined) return `values: object ${twice} is given twice.`;
  for (const { n, ...sizes } of values) {
    const unknown = outlines.some((outline) => outline.n === n) ? null : unknownObject(n, frame);
    if (unknown) return `values: ${unknown}`;
    const given = Object.entries(sizes).filter(([, value]) => value !== undefined);
    if (given.length === 0) return `values: nothing is said of object ${n}.`;
    for (const [name, value] of given) {
      const [largest, unit] = name === 'area_mm2' ? [largest_mm2, 'mm²'] : [longest_mm, 'mm'];
      if (!(value > 0 && value <= largest)) {
        return `values: ${name} of object ${n} is ${value}; more than 0 and at most ${largest} ${unit}.`;
      }
    }
    const against = contradiction(sizes);
    if (against) return `values: of object ${n}, ${against}`;
  }
  return null;
}

/** Why values of one object cannot all be right. */
function contradiction({ width_mm, height_mm, area_mm2, perimeter_mm }: Omit<Values, 'n'>): string | null {
  const longest = Math.max(width_mm ?? 0, height_mm ?? 0);
  if (perimeter_mm !== undefined && perimeter_mm * readOff < 2 * longest) {
    return `perimeter_mm ${perimeter_mm} is less than there and back along its side of ${longest}. Measure it again, or leave it out.`;
  }
  if (perimeter_mm !== undefined && area_mm2 !== undefined && area_mm2 > readOff * discOf(perimeter_mm)) {
    return `area_mm2 ${area_mm2} is more than a circle of perimeter_mm ${perimeter_mm} encloses. Measure it again, or leave it out.`;
  }
  if (width_mm === undefined || height_mm === undefined) return null;
  if (width_mm > height_mm) {
    return `width_mm ${width_mm} is more than height_mm ${height_mm}. The width is the shorter side: give them the other way round.`;
  }
  const most = width_mm * height_mm;
  return area_mm2 !== undefined && area_mm2 > readOff * most
    ? `area_mm2 ${area_mm2} is more than width_mm × height_mm, ${Number(most.toFixed(2))}. Measure it again, or leave it out.`
    : null;
}

/** Nothing encloses more by as long an outline. */
function discOf(perimeter: number): number {
  return perimeter ** 2 / (4 * Math.PI);
}

/** What is required and would still be absent. */
function leftOpen(answer: AssistAnswer, frame: AssistFrame): string | null {
  const { reference_corners, outlines = [], values = [] } = answer;
  const sized = new Set(
    values.filter((one) => one.width_mm !== undefined && one.height_mm !== undefined).map(({ n }) => n),
  );
  const covered = reference_corners && frame.objects.filter((one) => liesOn(reference_corners, one.outline));
  const left = new Set([
    ...frame.objects.filter((one) => !covered?.includes(one)).map(({ n }) => n),
    ...outlines.map(({ n }) => n),
    ...values.map(({ n }) => n),
  ]);
  if (left.size === 0) {
    return frame.needs_object
      ? 'No object was found: draw its outline, or give its width_mm and height_mm.'
      : 'The reference you show lies on the only object that was found: draw the outline of the object as well.';
  }
  if (!frame.needs_reference || reference_corners) return null;
  const open = [...left].filter((n) => !sized.has(n));
  if (open.length === 0) return null;
  return `No reference was found, so there is no scale: give reference_corners, or width_mm and height_mm of object ${open.join(', ')}.`;
}

/** As the analysis sees it: what is under the middle of the reference is the reference. */
function liesOn(reference: readonly Point[], outline: readonly Point[] = []): boolean {
  return outline.length > 2 && contains(outline, centreOf(reference));
}

/** Where none was found, the objects of an answer are numbered as those of a picture are: from 1 on. */
function skippedNumber(
  { outlines = [], values = [] }: AssistAnswer,
  { objects }: AssistFrame,
): string | null {
  if (objects.length > 0) return null;
  const given = new Set([...outlines, ...values].map(({ n }) => n));
  const most = Math.max(0, ...given);
  return most > given.size
    ? `${outlines.length > 0 ? 'outlines' : 'values'}: there is no object ${most}, none was found. Number those you give from 1 on.`
    : null;
}

function unknownObject(n: number, { needs_object, objects }: AssistFrame): string | null {
  if (needs_object || objects.some((object) => object.n === n)) return null;
  return `there is no object ${n}; there is ${objects.map((object) => object.n).join(', ')}.`;
}

function repeated(named: readonly { n: number }[]): number | undefined {
  return named.find(({ n }, i) => named.findIndex((other) => other.n === n) !== i)?.n;
}
