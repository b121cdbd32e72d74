import dicomParser from 'dicom-parser';
import { numberElement } from '../../../src/kinds/mri/volume/dicom/allowed.ts';
import { type Attribute, attributes as a } from '../../../src/kinds/mri/volume/dicom/attributes.ts';
import { type Element, writeDicom } from '../../../src/kinds/mri/volume/dicom/write-elements.ts';

export const MR = '1.2.840.10008.5.1.4.1.1.4';
export const ENHANCED_MR = '1.2.840.10008.5.1.4.1.1.4.1';
const EXPLICIT_LITTLE = '1.2.840.10008.1.2.1';

export type Values = Readonly<Partial<Record<keyof typeof a, string | number | readonly number[] | null>>>;

/** Attributes with values, as elements; one whose value is null is left out. */
export function elementsOf(values: Values): Element[] {
  return Object.entries(values).flatMap(([name, value]): Element[] => {
    const attribute: Attribute = a[name as keyof typeof a];
    if (value === null) return [];
    if (typeof value === 'string') return [{ attribute, text: value }];
    return [numberElement(attribute, typeof value === 'number' ? [value] : value)];
  });
}

/** A sagittal T1-weighted series in three dimensions, and what of each slice is another. */
export const usual: Values = {
  imageType: 'ORIGINAL\\PRIMARY\\M\\NORM',
  sopClass: MR,
  modality: 'MR',
  manufacturer: 'SIEMENS',
  seriesDescription: 't1_mprage_sag',
  model: 'Prisma_fit',
  sex: 'F',
  age: '034Y',
  scanningSequence: 'GR\\IR',
  sequenceVariant: 'SP\\MP',
  acquisitionType: '3D',
  sliceThickness: 1.5,
  repetitionTime: 2300,
  echoTime: 2.98,
  inversionTime: 900,
  fieldStrength: 3,
  flipAngle: 9,
  study: '1.2.3.1',
  series: '1.2.3.2',
  seriesNumber: 2,
  orientation: [0, 1, 0, 0, 0, -1],
  samplesPerPixel: 1,
  photometric: 'MONOCHROME2',
  rows: 20,
  columns: 24,
  pixelSpacing: [1, 1],
  bitsAllocated: 16,
  bitsStored: 12,
  highBit: 11,
  pixelRepresentation: 0,
};
export const SLICES = 10;
export const STEP = 1.5;

/** Tells where in the world of DICOM a pixel of slice `n` of the usual series is. */
export function pixelsOf(n: number, rows = 20, columns = 24): Uint16Array {
  return Uint16Array.from(
    { length: rows * columns },
    (_, at) => 100 + n * 40 + Math.floor(at / columns) * 20 + (at % columns) * 3,
  );
}

export function sliceValues(n: number): Values {
  return { sopInstance: `1.2.3.2.${n + 1}`, instanceNumber: n + 1, position: [-7 + n * STEP, -12, 10] };
}

/** A file of one slice. */
export function sliceFile(
  n: number,
  changes: Values = {},
  more: readonly Element[] = [],
  pixels = pixelsOf(n),
): Buffer {
  const values = { ...usual, ...sliceValues(n), ...changes };
  const bytes =
    values.bitsAllocated === 8
      ? Uint8Array.from(pixels)
      : new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  const elements = [...elementsOf(values), ...more, { attribute: a.pixels, bytes }];
  return writeDicom(elements, {
    sopClass: String(values.sopClass ?? MR),
    sopInstance: String(values.sopInstance ?? '1.2'),
    transferSyntax: EXPLICIT_LITTLE,
  });
}

/** The files of a series, by name. */
export function series(
  changes: Values | ((n: number) => Values | null) = {},
  { slices = SLICES, prefix = '' }: { slices?: number; prefix?: string } = {},
): Record<string, Buffer> {
  const files: Record<string, Buffer> = {};
  for (let n = 0; n < slices; n++) {
    const of = typeof changes === 'function' ? changes(n) : changes;
    // Names that say nothing of the order.
    if (of) files[`${prefix}${(n * 7) % 13}-${n}.dcm`] = sliceFile(n, of);
  }
  return files;
}

const sequence = (name: keyof typeof a, ...items: (readonly Element[])[]): Element => ({
  attribute: a[name],
  items,
});

/** A file of many frames: each in its own place, with its own rescaling. */
export function enhancedFile({
  frameOf = (n: number) => n,
  slopeOf = () => 1,
  interceptOf = () => 0,
  frames = SLICES,
  changes = {},
  frameChanges = () => [],
}: {
  /** Which slice comes as the nth frame. */
  frameOf?: (n: number) => number;
  slopeOf?: (slice: number) => number;
  interceptOf?: (slice: number) => number;
  frames?: number;
  changes?: Values;
  frameChanges?: (n: number) => readonly Element[];
} = {}): Buffer {
  const { position, orientation, pixelSpacing, repetitionTime, echoTime, inversionTime, flipAngle, ...top } =
    {
      ...usual,
      ...sliceValues(0),
      sopClass: ENHANCED_MR,
      scanningSequence: null,
      echoPulseSequence: 'GRADIENT',
      acquisitionContrast: 'T1',
      numberOfFrames: frames,
    };
  const order = Array.from({ length: frames }, (_, n) => frameOf(n));
  const pixels = Buffer.concat(order.map((slice) => Buffer.from(pixelsOf(slice).buffer)));
  const shared: Element[] = [
    sequence('planeOrientation', elementsOf({ orientation: orientation ?? null })),
    sequence('pixelMeasures', elementsOf({ pixelSpacing: pixelSpacing ?? null, sliceThickness: STEP })),
    sequence('timing', elementsOf({ repetitionTime: repetitionTime ?? null, flipAngle: flipAngle ?? null })),
    sequence('echo', elementsOf({ effectiveEchoTime: echoTime ?? null })),
    sequence('modifier', elementsOf({ inversionTimes: inversionTime ?? null })),
  ];
  const perFrame = order.map((slice, n): Element[] => [
    sequence('planePosition', elementsOf({ position: sliceValues(slice).position ?? null })),
    sequence('valueTransformation', elementsOf({ slope: slopeOf(slice), intercept: interceptOf(slice) })),
    sequence('frameContent', [
      { attribute: a.stack, text: 'Stack 1' },
      ...elementsOf({ inStackPosition: slice + 1 }),
    ]),
    ...frameChanges(n),
  ]);
  const elements: Element[] = [
    ...elementsOf({ ...top, ...changes }),
    sequence('sharedGroups', shared),
    sequence('perFrameGroups', ...perFrame),
    { attribute: a.pixels, bytes: pixels },
  ];
  return writeDicom(elements, {
    sopClass: ENHANCED_MR,
    sopInstance: '1.2.3.2.1',
    transferSyntax: EXPLICIT_LITTLE,
  });
}

/** A file in the explicit little-endian syntax with another value of one of its short elements. */
export function replaced(file: Buffer, { tag }: Attribute, content: Uint8Array | string): Buffer {
  const element = dicomParser.parseDicom(file).elements[tag];
  if (!element) throw new Error(`The file has no ${tag}.`);
  const bytes = Buffer.from(content);
  const even = Buffer.concat([bytes, Buffer.alloc(bytes.length % 2, ' ')]);
  const before = Buffer.from(file.subarray(0, element.dataOffset));
  const long = ['OB', 'OW', 'SQ', 'UN', 'UT'].includes(element.vr ?? '');
  if (long) before.writeUInt32LE(even.length, before.length - 4);
  else before.writeUInt16LE(even.length, before.length - 2);
  return Buffer.concat([before, even, file.subarray(element.dataOffset + element.length)]);
}
