import { cross, dot, length, type Vector } from '../geometry/affine.ts';
import { type Attribute, attributes as a } from './attributes.ts';
import type { Attributes } from './dataset.ts';
import { knownModel, knownVendor, knownWords } from './words.ts';

/** How a sequence was timed, in milliseconds and degrees. */
export interface Timing {
  repetition_ms: number | null;
  echo_ms: number | null;
  inversion_ms: number | null;
  flip_deg: number | null;
}

/** What a file says of the images in it, of all that is the same for each. */
export interface InstanceFacts {
  /** Which file of the ZIP. */
  file: number;
  series: string;
  sopInstance: string;
  modality: string | null;
  sopClass: string | null;
  imageType: readonly string[];
  seriesNumber: number | null;
  /** The known words of what people called it. */
  words: readonly string[];
  scanning: readonly string[];
  variant: readonly string[];
  acquisition: '2D' | '3D' | null;
  acquisitionContrast: string | null;
  contrastAgent: 'yes' | 'no' | 'unknown';
  bodyPart: string | null;
  fieldStrength_t: number | null;
  manufacturer: string | null;
  model: string | null;
  age_years: number | null;
  sex: 'male' | 'female' | null;
  thickness_mm: number | null;
  spacing_mm: number | null;
  burnedIn: boolean;
  pixels: PixelFormat;
}

export interface PixelFormat {
  rows: number;
  columns: number;
  bitsAllocated: number;
  bitsStored: number;
  highBit: number;
  signed: boolean;
  samplesPerPixel: number;
  photometric: string | null;
  transferSyntax: string;
  frames: number;
  /** What the file has of pixels, packed or not. */
  bytes: number;
}

/** One slice: an image, or a frame of an image. */
export interface Slice {
  instance: InstanceFacts;
  frame: number;
  number: number | null;
  position: Vector | null;
  /** Along a row of pixels, and down a column; of length 1. */
  rowDirection: Vector | null;
  columnDirection: Vector | null;
  /** Millimetres from row to row, and from column to column. */
  spacing: readonly [number, number] | null;
  slope: number;
  intercept: number;
  timing: Timing;
  echoNumber: number | null;
  /** Magnitude, phase, real, imaginary. */
  component: string | null;
  time: number | null;
  stack: string | null;
  frameType: readonly string[];
}

export const EXPLICIT_LITTLE = '1.2.840.10008.1.2.1';

/** All slices of a file. */
export function slicesOf(set: Attributes, file: number): Slice[] {
  const instance = factsOf(set, file);
  const shared = set.items(a.sharedGroups)[0] ?? null;
  const perFrame = set.items(a.perFrameGroups);
  const slices: Slice[] = [];
  for (let frame = 0; frame < instance.pixels.frames; frame++) {
    slices.push(sliceOf(instance, frame, [perFrame[frame] ?? null, shared], set));
  }
  return slices;
}

/** @param groups where the functional groups of a frame are, the nearer first; an image without frames has its values at the top */
function sliceOf(
  instance: InstanceFacts,
  frame: number,
  groups: readonly (Attributes | null)[],
  top: Attributes,
): Slice {
  const within = (sequence: Attribute) =>
    groups.map((group) => group?.items(sequence)[0]).find((item) => item !== undefined) ?? top;
  const vector = (values: readonly number[]): Vector | null =>
    values.length >= 3 ? [values[0] as number, values[1] as number, values[2] as number] : null;
  const orientation = within(a.planeOrientation).numbers(a.orientation);
  const spacing = within(a.pixelMeasures).numbers(a.pixelSpacing);
  const frameType = within(a.imageFrameType);
  const content = within(a.frameContent);
  const [rowDirection, columnDirection] = unitary(vector(orientation), vector(orientation.slice(3)));
  return {
    instance,
    frame,
    number: top.number(a.instanceNumber),
    position: vector(within(a.planePosition).numbers(a.position)),
    rowDirection,
    columnDirection,
    spacing:
      spacing.length >= 2 && spacing.every((mm) => mm > 0)
        ? [spacing[0] as number, spacing[1] as number]
        : null,
    slope: within(a.valueTransformation).number(a.slope) ?? 1,
    intercept: within(a.valueTransformation).number(a.intercept) ?? 0,
    timing: {
      repetition_ms: within(a.timing).number(a.repetitionTime),
      echo_ms: within(a.echo).number(a.effectiveEchoTime) ?? top.number(a.echoTime),
      inversion_ms: within(a.modifier).number(a.inversionTimes) ?? top.number(a.inversionTime),
      flip_deg: within(a.timing).number(a.flipAngle),
    },
    echoNumber: top.number(a.echoNumber),
    component: frameType.word(a.complexComponent) ?? top.word(a.complexComponent),
    time: content.number(a.temporalIndex) ?? top.number(a.temporalPosition),
    stack: content.word(a.stack),
    frameType: frameType.words(a.frameType),
  };
}

/** Two directions at right angles; null where they are none. */
function unitary(row: Vector | null, column: Vector | null): [Vector, Vector] | [null, null] {
  if (row === null || column === null) return [null, null];
  const sizes = [length(row), length(column)] as const;
  const fits = sizes.every((size) => Math.abs(size - 1) < 1e-2) && Math.abs(dot(row, column)) < 1e-2;
  if (!fits) return [null, null];
  const by = (vector: Vector, size: number): Vector => [vector[0] / size, vector[1] / size, vector[2] / size];
  return [by(row, sizes[0]), by(column, sizes[1])];
}

export function normalOf({
  rowDirection,
  columnDirection,
}: Pick<Slice, 'rowDirection' | 'columnDirection'>): Vector {
  return cross(rowDirection as Vector, columnDirection as Vector);
}

function factsOf(set: Attributes, file: number): InstanceFacts {
  const scanning = [...set.words(a.scanningSequence)];
  // What one image says of its scanning sequence, an enhanced one says of its pulse sequence.
  const pulse = set.word(a.echoPulseSequence);
  if (pulse === 'SPIN') scanning.push('SE');
  if (pulse === 'GRADIENT') scanning.push('GR');
  const acquisition = set.word(a.acquisitionType);
  const thickness = [set, ...set.items(a.sharedGroups).flatMap((group) => group.items(a.pixelMeasures))];
  const number = (attribute: Attribute) =>
    thickness.map((where) => where.number(attribute)).find((value) => value !== null) ?? null;
  return {
    file,
    series: set.word(a.series) ?? `number ${set.number(a.seriesNumber)}`,
    sopInstance: set.word(a.sopInstance) ?? '',
    modality: set.word(a.modality),
    sopClass: set.word(a.sopClass),
    imageType: set.words(a.imageType).map((word) => word.toUpperCase()),
    seriesNumber: set.number(a.seriesNumber),
    words: knownWords(set.word(a.seriesDescription), set.word(a.protocolName), set.word(a.sequenceName)),
    scanning,
    variant: set.words(a.sequenceVariant),
    acquisition: acquisition === '2D' || acquisition === '3D' ? acquisition : null,
    acquisitionContrast: set.word(a.acquisitionContrast),
    contrastAgent: agentOf(set),
    bodyPart: set.word(a.bodyPart),
    fieldStrength_t: teslaOf(set.number(a.fieldStrength)),
    manufacturer: knownVendor(set.word(a.manufacturer)),
    model: knownModel(set.word(a.model)),
    age_years: ageOf(set),
    sex: ({ M: 'male', F: 'female' } as const)[set.word(a.sex) ?? ''] ?? null,
    thickness_mm: number(a.sliceThickness),
    spacing_mm: number(a.spacingBetweenSlices),
    burnedIn: set.word(a.burnedIn) === 'YES',
    pixels: pixelFormatOf(set),
  };
}

/** Some scanners of old wrote it in gauss. */
function teslaOf(value: number | null): number | null {
  if (value === null || value <= 0) return null;
  return value > 100 ? value / 10_000 : value;
}

function agentOf(set: Attributes): InstanceFacts['contrastAgent'] {
  if (set.items(a.contrastAgents).length > 0) return 'yes';
  const agent = set.word(a.contrastAgent);
  if (agent !== null) return /^(no|none|n|without|0)$/i.test(agent) ? 'no' : 'yes';
  return 'unknown';
}

const inYears: Readonly<Record<string, number>> = { Y: 1, M: 12, W: 52.18, D: 365.25 };
export const OLDEST = 89;

/** As the file says it, or from the day of birth to that of the scan; nobody is older than 89. */
export function ageOf(set: Attributes): number | null {
  const [, count, unit] = /^(\d{3})([YMWD])$/.exec(set.word(a.age) ?? '') ?? [];
  if (count && unit) return Math.min(OLDEST, Math.floor(Number(count) / (inYears[unit] as number)));
  const born = dayOf(set.word(a.birthDate));
  const scanned = dayOf(set.word(a.acquisitionDate) ?? set.word(a.studyDate));
  if (born === null || scanned === null || scanned < born) return null;
  return Math.min(OLDEST, Math.floor((scanned - born) / (365.25 * 24 * 3600 * 1000)));
}

function dayOf(text: string | null): number | null {
  const [, year, month, day] = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(text ?? '') ?? [];
  return year ? Date.UTC(Number(year), Number(month) - 1, Number(day)) : null;
}

function pixelFormatOf(set: Attributes): PixelFormat {
  const bitsAllocated = set.number(a.bitsAllocated) ?? 0;
  const bitsStored = set.number(a.bitsStored) ?? bitsAllocated;
  return {
    rows: set.number(a.rows) ?? 0,
    columns: set.number(a.columns) ?? 0,
    bitsAllocated,
    bitsStored,
    highBit: set.number(a.highBit) ?? bitsStored - 1,
    signed: set.number(a.pixelRepresentation) === 1,
    samplesPerPixel: set.number(a.samplesPerPixel) ?? 1,
    photometric: set.word(a.photometric),
    transferSyntax: set.word(a.transferSyntax) ?? EXPLICIT_LITTLE,
    frames: framesOf(set),
    bytes: pixelBytesOf(set),
  };
}

/** The table of offsets is none of them. */
function pixelBytesOf(set: Attributes): number {
  const value = set.value(a.pixels);
  return value?.fragments?.slice(1).reduce((sum, { length }) => sum + length, 0) ?? value?.length ?? 0;
}

/** However many it says; each costs memory before its pixels are looked for. */
const MOST_FRAMES = 20_000;

function framesOf(set: Attributes): number {
  const stated = set.number(a.numberOfFrames) ?? 1;
  return Number.isSafeInteger(stated) && stated >= 1 ? Math.min(stated, MOST_FRAMES) : 1;
}
