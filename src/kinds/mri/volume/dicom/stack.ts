import { affineOf, dot, length, minus, plus, scaled, type Vector } from '../geometry/affine.ts';
import type { Affine } from '../volume.ts';
import { normalOf, type Slice } from './instance.ts';
import { pixelProblem } from './pixels.ts';
import { type Weighting, weightingOf } from './weighting.ts';

/** Slices that belong together: of one series, echo, kind of value and orientation. */
export interface Stack {
  slices: Slice[];
  weighting: Weighting;
}

/** A stack of which a volume can be made. */
export interface Placed extends Stack {
  /** In their order along the normal. */
  slices: Slice[];
  affine: Affine;
  spacing_mm: number;
  notices: string[];
}

/** Why a stack is not the scan that is looked for, as the end of a sentence. */
export interface Refused {
  because: string;
  /** What the sender can do. */
  remedy: string;
}

/** Images of magnetic resonance: single, enhanced, in colour, and converted. */
export const MR_CLASSES = [
  '1.2.840.10008.5.1.4.1.1.4',
  '1.2.840.10008.5.1.4.1.1.4.1',
  '1.2.840.10008.5.1.4.1.1.4.3',
  '1.2.840.10008.5.1.4.1.1.4.4',
];
const modalities: Readonly<Record<string, string>> = {
  CT: 'a CT scan',
  PT: 'a PET scan',
  NM: 'a nuclear-medicine scan',
  US: 'an ultrasound scan',
  CR: 'an X-ray',
  DX: 'an X-ray',
  OT: 'no scan of a person (modality OT)',
};
/** With fewer there is no saying whether they are evenly spaced. */
const FEWEST = 3;
const EVEN = 0.01;

const sendT1 = 'Send a T1-weighted MRI of the head.';
const sendWhole = 'Export the whole series again, with all its slices.';

/** Sorts slices into stacks, in the order in which they came. */
export function stacksOf(slices: readonly Slice[]): Stack[] {
  const stacks = Map.groupBy(slices, keyOf);
  return [...stacks.values()].map((of) => ({ slices: of, weighting: weightingOf(of[0] as Slice) }));
}

function keyOf(slice: Slice): string {
  const { instance, rowDirection, columnDirection, timing } = slice;
  const directions = [rowDirection, columnDirection].map((direction) =>
    direction?.map((value) => Math.round(value * 200) / 200 + 0),
  );
  return JSON.stringify([
    instance.series,
    componentOf(slice),
    slice.echoNumber,
    timing.echo_ms?.toPrecision(4),
    timing.inversion_ms?.toPrecision(4),
    directions,
    slice.stack,
    instance.pixels.rows,
    instance.pixels.columns,
    slice.spacing?.map((mm) => mm.toPrecision(5)),
  ]);
}

/** Which part of the complex signal. */
function componentOf({
  component,
  frameType,
  instance,
}: Slice): 'magnitude' | 'phase' | 'real' | 'imaginary' {
  const types = [component, ...frameType.slice(2), ...instance.imageType.slice(2)];
  if (types.some((type) => type === 'P' || type === 'PHASE' || type === 'PHASE MAP')) return 'phase';
  if (types.some((type) => type === 'R' || type === 'REAL')) return 'real';
  if (types.some((type) => type === 'I' || type === 'IMAGINARY')) return 'imaginary';
  return 'magnitude';
}

/** Makes a volume of a stack, or says why it is none, or not the one that is looked for. */
export function place(stack: Stack): Placed | Refused {
  return whatItIs(stack) ?? whereItIs(stack);
}

function whatItIs({ slices, weighting }: Stack): Refused | null {
  const [first] = slices as [Slice];
  const { instance } = first;
  const { modality, sopClass } = instance;
  const types = new Set([...instance.imageType, ...first.frameType]);
  const because = (text: string, remedy: string): Refused => ({ because: text, remedy });
  if (modality !== null && modality !== 'MR') {
    return because(`is ${modalities[modality] ?? 'of another modality'}, not an MRI`, sendT1);
  }
  if (sopClass !== null && !MR_CLASSES.includes(sopClass)) {
    return because(
      'is no series of MR images, but of pictures or documents made from them',
      'Send the original MR series.',
    );
  }
  if (types.has('MOSAIC')) {
    return because(
      'is a mosaic: many slices in one picture',
      'Send the T1-weighted series; mosaics are functional or diffusion series.',
    );
  }
  const words = new Set(instance.words);
  const isLocalizer = ['loc', 'localizer', 'localiser', 'scout', 'survey', '3plane'].some((word) =>
    words.has(word),
  );
  if (types.has('LOCALIZER') || isLocalizer) return because('is a localiser', 'Send the T1-weighted series.');
  if (instance.imageType[0] === 'DERIVED' || first.frameType[0] === 'DERIVED') {
    return because('is a derived series, computed from another', 'Send the original series.');
  }
  const component = componentOf(first);
  if (component !== 'magnitude')
    return because(`holds the ${component} part of the signal`, 'Send the magnitude series.');
  if (slices.some((slice) => slice.instance.burnedIn)) {
    return because('has text burned into its pictures, which may name a person', 'Send the original series.');
  }
  if (weighting.isT1 === false) return because(`is ${weighting.what}, not T1-weighted`, sendT1);
  for (const { instance: one } of slices) {
    const problem = pixelProblem(one.pixels);
    if (problem) return because(problem, 'Export the original series again, without compression.');
  }
  return null;
}

function whereItIs(stack: Stack): Placed | Refused {
  const slices = withoutCopies(stack.slices);
  const { rowDirection, columnDirection, spacing } = slices[0] as Slice;
  if (!rowDirection || !columnDirection || !spacing || slices.some(({ position }) => position === null)) {
    return {
      because: 'has slices without a position, an orientation or a pixel spacing',
      remedy: 'Export the original series again.',
    };
  }
  const normal = normalOf({ rowDirection, columnDirection });
  const along = (slice: Slice) => dot(slice.position as Vector, normal);
  slices.sort((one, other) => along(one) - along(other));
  if (slices.length < FEWEST) {
    return { because: `has ${slices.length} slices in one direction, which is no volume`, remedy: sendWhole };
  }
  const places = slices.map(along);
  const steps = places.slice(1).map((at, n) => at - (places[n] as number));
  const repeated = timesRepeated(places);
  if (repeated > 1) {
    return {
      because: `holds ${repeated} volumes, and one is expected`,
      remedy: 'Send the T1-weighted volume alone.',
    };
  }
  const step = median(steps);
  const gap = steps.findIndex((one) => Math.abs(one - step) > EVEN * step);
  if (gap >= 0) return unevenSpacing(slices, places, steps, step, gap);
  const skipped = everySoMany(slices, step);
  if (skipped) return skipped;

  const [first, last] = [slices[0] as Slice, slices.at(-1) as Slice];
  const perSlice = scaled(minus(last.position as Vector, first.position as Vector), 1 / (slices.length - 1));
  const strays = slices.some((slice, n) => {
    const expected = plus(first.position as Vector, scaled(perSlice, n));
    return length(minus(slice.position as Vector, expected)) > Math.max(EVEN * step * 2, 0.05);
  });
  if (strays) return { because: 'has slices that are shifted sideways, unevenly', remedy: sendWhole };
  const aside = minus(perSlice, scaled(normal, dot(perSlice, normal)));
  const tilt = (Math.atan2(length(aside), step) * 180) / Math.PI;
  const notices =
    tilt > 0.2
      ? [
          `The slices are shifted against each other by a tilt of ${tilt.toFixed(1)}°; the volume was resampled along right angles.`,
        ]
      : [];
  const copies = stack.slices.length - slices.length;
  if (copies > 0) notices.push(`${copies} slices came more than once; one of each was taken.`);
  return {
    ...stack,
    slices,
    spacing_mm: step,
    notices,
    affine: rasOf(
      affineFrom(
        scaled(rowDirection, spacing[1]),
        scaled(columnDirection, spacing[0]),
        perSlice,
        first.position as Vector,
      ),
    ),
  };
}

/** The same image in two files is one. */
function withoutCopies(slices: readonly Slice[]): Slice[] {
  const seen = new Set<string>();
  return slices.filter(({ instance, frame }) => {
    const id = `${instance.sopInstance}/${frame}`;
    if (instance.sopInstance !== '' && seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}

/** How many slices there are at most places; 1 where each has its own. */
function timesRepeated(places: readonly number[]): number {
  const distinct = places.filter((at, n) => n === 0 || at - (places[n - 1] as number) > 1e-3).length;
  return Math.ceil(places.length / distinct);
}

function unevenSpacing(
  slices: readonly Slice[],
  places: readonly number[],
  steps: readonly number[],
  step: number,
  gap: number,
): Refused {
  const wide = steps[gap] as number;
  const times = Math.round(wide / step);
  const isMissing = times >= 2 && Math.abs(wide / step - times) <= EVEN * times;
  if (!isMissing) {
    const range = `${mm(Math.min(...steps))} to ${mm(Math.max(...steps))} mm`;
    return { because: `has slices that are unevenly spaced (${range} apart)`, remedy: sendWhole };
  }
  const gaps = steps.flatMap((one, n) => {
    const missing = Math.round(one / step) - 1;
    if (missing < 1) return [];
    const beside = [slices[n]?.number ?? null, slices[n + 1]?.number ?? null].filter(
      (number) => number !== null,
    );
    const [low, high] = beside.sort((one, other) => one - other);
    const where = high === undefined ? '' : `, between instances ${low} and ${high}`;
    return [
      `${missing} ${missing === 1 ? 'slice' : 'slices'} between ${mm(places[n] as number)} and ${mm(places[n + 1] as number)} mm${where}`,
    ];
  });
  const listed = gaps.slice(0, 5).join('; ');
  const more = gaps.length > 5 ? `; and ${gaps.length - 5} more gaps` : '';
  return { because: `lacks slices: ${listed}${more} (spacing ${mm(step)} mm)`, remedy: sendWhole };
}

/** Every second slice may be missing: then the file's own spacing and the numbers of its images say so together. */
function everySoMany(slices: readonly Slice[], step: number): Refused | null {
  const stated = (slices[0] as Slice).instance.spacing_mm;
  const numbers = slices.map(({ number }) => number);
  const jump = Math.abs((numbers[1] ?? 0) - (numbers[0] ?? 0));
  const jumps = numbers.slice(1).every((number, n) => Math.abs((number ?? 0) - (numbers[n] ?? 0)) === jump);
  if (stated === null || jump < 2 || !jumps || Math.abs(step / stated - jump) > EVEN * jump) return null;
  return {
    because: `lacks slices: its slices are ${mm(step)} mm apart, and it was taken with ${mm(stated)} mm, so ${jump - 1} of ${jump} is missing all along`,
    remedy: sendWhole,
  };
}

function affineFrom(i: Vector, j: Vector, k: Vector, origin: Vector): Affine {
  return affineOf(
    [
      [i[0], j[0], k[0]],
      [i[1], j[1], k[1]],
      [i[2], j[2], k[2]],
    ],
    origin,
  );
}

/** DICOM counts to the left and to the back, NIfTI to the right and to the front. */
function rasOf(affine: Affine): Affine {
  return affine.map((row, r) => (r < 2 ? (row.map((value) => -value + 0) as unknown as Affine[0]) : row));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

function mm(value: number): string {
  return String(Number(value.toFixed(2)));
}
