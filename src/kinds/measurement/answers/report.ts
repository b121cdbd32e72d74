import { asText } from '../../../domain/markdown.ts';
import type { Quantity, Reason, Source } from '../outcome.ts';
import type { AssistAnswer } from './answer.ts';

type Told = Pick<Quantity, 'value' | 'unit' | 'method'>;
type Sides = Record<'width' | 'height', Told>;
type Sizes = Sides & Record<'area' | 'perimeter', Told>;

/** What a report is written from: a part of `GET /api/analyses/{id}`. */
export interface ReportedMeasurement {
  reference: { kind: string; id: number | null; size_mm: number; source: Source; terms: Term[] } | null;
  scale: { px_per_mm: number } | null;
  confidence: number | null;
  /** Why a person was asked. */
  reasons: Pick<Reason, 'message'>[];
  measurements: (Sizes & {
    n: number;
    confidence: number;
    terms: Term[];
    /** Null where no person put it right. */
    machine: Sizes | null;
  })[];
  images: Record<'annotated' | 'rectified', { key: string } | null>;
  /** The first one's first. */
  answers: { by: string; at: string; answer: Record<string, unknown> }[];
}

interface Term {
  name: string;
  score: number;
  why: string;
}

export interface ReportPlace {
  /** As whoever uploaded it named it. */
  file_name: string | null;
  /** Where the pictures are looked for; ends in a slash. */
  pictures: string;
}

/** A term below it is told: what speaks against a number, if anything does. */
const told = 0.9;

/** In Markdown for people: what was measured, by what, who put it right, and what speaks against it. */
export function measurementReport(measured: ReportedMeasurement, place: ReportPlace): string {
  const { measurements, answers, reasons, images } = measured;
  const picture = (words: string, stored: { key: string } | null) =>
    stored && `![${words}](${place.pictures}${stored.key.split('/').at(-1)})`;
  const parts = [
    `# Measurement${place.file_name ? `: ${asText(place.file_name)}` : ''}`,
    table(measurements),
    picture('The photograph with what was measured', images.annotated),
    howItWasGot(measured),
    section('Why a person was asked', answers.length > 0 ? reasons.map(({ message }) => message) : []),
    section(
      'Who put it right',
      answers.map((given) => answerSentence(given, asText)),
    ),
    section('What lowers the confidence', whatLowers(measured)),
    picture('The same plane seen from straight above', images.rectified),
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

/** The reference's terms count for every object. */
export function whatLowers({ reference, measurements }: ReportedMeasurement): string[] {
  const of = (whose: string, terms: readonly Term[]) =>
    terms.filter(({ score }) => score < told).map((term) => `${whose}, ${sentenceOf(term)}`);
  return [
    ...(reference ? of('The reference', reference.terms) : []),
    ...measurements.flatMap(({ n, terms }) => of(`Object ${n}`, terms)),
  ];
}

function table(measurements: ReportedMeasurement['measurements']): string {
  if (measurements.length === 0) return 'No object was found.';
  const corrected = measurements.some(({ machine }) => machine !== null);
  const head = ['Object', 'Width × height', 'Area', 'Perimeter', 'Confidence'];
  const rows = measurements.map(({ n, confidence, machine, ...sizes }) => [
    `${n}`,
    sidesOf(sizes),
    figureOf(sizes.area),
    figureOf(sizes.perimeter),
    confidence.toFixed(2),
    ...(corrected ? [machine ? allOf(machine) : '–'] : []),
  ]);
  const columns = corrected ? [...head, 'The machine’s'] : head;
  return [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function howItWasGot({ reference, scale, confidence }: ReportedMeasurement): string {
  const sentences = [
    reference && `Measured by ${nameOf(reference)} of ${reference.size_mm} mm, ${finders[reference.source]}.`,
    scale && `There a millimetre is ${scale.px_per_mm.toFixed(2)} pixels.`,
    confidence !== null &&
      `Confidence ${confidence.toFixed(2)}: a score between 0 and 1, not a probability; 1 for what a person said.`,
  ];
  return sentences.filter(Boolean).join(' ');
}

const finders = { machine: 'found by the machine', person: 'shown by a person' } as const;

function nameOf({ kind, id }: { kind: string; id: number | null }): string {
  if (kind !== 'aruco') return `a ${kind}`;
  return id === null ? 'an ArUco marker' : `the ArUco marker ${id}`;
}

/** Who gave what, when. @param shown how people's own words are put there */
export function answerSentence(
  { by, at, answer }: ReportedMeasurement['answers'][number],
  shown: (text: string) => string = String,
): string {
  const gave = Object.keys(words).filter((part) => answer[part] !== undefined);
  const what = gave.map((part) => words[part as keyof typeof words](answer[part])).join(', ');
  const note = typeof answer.note === 'string' ? `: “${shown(answer.note)}”` : '';
  return `${shown(by)} gave ${what || 'an answer'}, ${at}${note}`;
}

type Given = NonNullable<AssistAnswer['values']>[number];

/** Parts of an answer, as it was checked when it was given. */
const words = {
  reference_corners: () => 'the place of the reference',
  size_mm: (size: unknown) => `its size of ${size} mm`,
  outlines: (outlines: unknown) => `the outline of ${listed(outlines as { n: number }[])}`,
  values: (values: unknown) => (values as Given[]).map(valuesOf).join(', '),
} as const;

function listed(objects: readonly { n: number }[]): string {
  return `object ${objects.map(({ n }) => n).join(', ')}`;
}

function valuesOf({ n, width_mm, height_mm, area_mm2, perimeter_mm }: Given): string {
  const each = [
    width_mm !== undefined && `width ${width_mm} mm`,
    height_mm !== undefined && `height ${height_mm} mm`,
    area_mm2 !== undefined && `area ${area_mm2} mm²`,
    perimeter_mm !== undefined && `perimeter ${perimeter_mm} mm`,
  ].filter(Boolean);
  return `of object ${n} ${each.join(' and ')}`;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length > 0 ? `## ${title}\n\n${lines.map((line) => `- ${line}`).join('\n')}` : '';
}

function sentenceOf({ name, score, why }: { name: string; score: number; why: string }): string {
  return `${name.replaceAll('_', ' ')} ${score.toFixed(2)}: ${why}`;
}

/** As in “85.5 × 169.4 mm”; what a person measured says so. */
export function sidesOf({ width, height }: Sides): string {
  if (width.value === null && height.value === null) return 'size unknown';
  if (isByHand(width) && isByHand(height)) return `${bare(width)} × ${bare(height)} mm (by hand)`;
  return `${bare(width)}${mark(width)} × ${bare(height)} mm${mark(height)}`;
}

/** As in “14151.5 mm²”. */
export function figureOf(quantity: Told): string {
  return quantity.value === null ? 'unknown' : `${bare(quantity)} ${quantity.unit}${mark(quantity)}`;
}

function allOf({ area, perimeter, ...sides }: Sizes): string {
  const more = [area, perimeter].filter(({ value }) => value !== null).map(figureOf);
  return [sidesOf(sides), ...more].join(', ');
}

const bare = ({ value }: Told): string => (value === null ? 'unknown' : value.toFixed(1));
const isByHand = ({ value, method }: Told): boolean => value !== null && method.startsWith('person:');
const mark = (quantity: Told): string => (isByHand(quantity) ? ' (by hand)' : '');
