/** Scans that hold a mark wherever a person could be named. */
import { gzipSync } from 'node:zlib';
import { expect } from '@jest/globals';
import type { Element } from '../../../src/kinds/mri/volume/dicom/write-elements.ts';
import { pixelsOf, sliceFile } from './dicom-series.ts';
import { INT16, niftiFile } from './nifti-file.ts';
import { zipFile } from './zip-file.ts';

/** Stands for what names a person. In UIDs, numbers and times only digits may be. */
export const MARK = 'ZQXWKJ';
export const DIGITS = '7346519';

export function expectNoMark(bytes: Buffer): void {
  for (const mark of [MARK, DIGITS, MARK.toLowerCase()]) {
    for (const encoding of ['latin1', 'utf16le'] as const)
      expect(bytes.includes(Buffer.from(mark, encoding))).toBe(false);
  }
  // As numbers: the digits as an integer and as floating point.
  const numbers = [Buffer.alloc(4), Buffer.alloc(4), Buffer.alloc(8)] as const;
  numbers[0].writeUInt32LE(Number(DIGITS));
  numbers[1].writeFloatLE(Number(DIGITS));
  numbers[2].writeDoubleLE(Number(DIGITS));
  for (const number of numbers) expect(bytes.includes(number)).toBe(false);
}

export const voxels = Int16Array.from({ length: 120 }, (_, n) => n - 20);
export const grid = {
  dimensions: [4, 5, 6] as const,
  affine: [
    [0, 2, 0, -3],
    [-2, 0, 0, 4],
    [0, 0, 2.5, -5],
    [0, 0, 0, 1],
  ] as const,
};

/** Marks wherever a header has a text, or place for one. */
export function markedNifti(version: 1 | 2): Buffer {
  const file = niftiFile({ ...grid, data: voxels }, INT16, { version, slope: 0.5, intercept: 3 });
  const at = (offset: number) => file.write(MARK, offset, 'latin1');
  if (version === 1) {
    // Data type, database, description, auxiliary file, name of the intent; and the numbers of an intent and a display.
    for (const offset of [4, 14, 148, 228, 328]) at(offset);
    for (const offset of [56, 60, 64, 124, 128, 132, 136]) file.writeFloatLE(Number(DIGITS), offset);
    for (const offset of [32, 140, 144]) file.writeInt32LE(Number(DIGITS), offset);
  } else {
    for (const offset of [240, 320, 508, 525]) at(offset);
    for (const offset of [80, 88, 96, 192, 200, 208, 216]) file.writeDoubleLE(Number(DIGITS), offset);
  }
  const headerBytes = version === 1 ? 352 : 544;
  const extension = Buffer.alloc(64, ' ');
  extension.writeInt32LE(64, 0);
  extension.writeInt32LE(6, 4);
  extension.write(`name: ${MARK}`, 8);
  const header = Buffer.from(file.subarray(0, headerBytes));
  header[headerBytes - 4] = 1;
  if (version === 1) header.writeFloatLE(headerBytes + 64, 108);
  else header.writeBigInt64LE(BigInt(headerBytes + 64), 168);
  return Buffer.concat([header, extension, file.subarray(headerBytes), Buffer.from(`behind ${MARK}`)]);
}

/** A gzip with the name of a file, a comment and a time in its header. */
export function packedWithName(bytes: Buffer): Buffer {
  const packed = gzipSync(bytes);
  const head = Buffer.from(packed.subarray(0, 10));
  head[3] = 0x18;
  head.writeUInt32LE(Number(DIGITS), 4);
  return Buffer.concat([head, Buffer.from(`${MARK}.nii\0${MARK}\0`), packed.subarray(10)]);
}

/** An element with marks, in the explicit little-endian syntax. */
function raw(tag: string, vr: string, content: Uint8Array): Buffer {
  const long = ['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV'].includes(vr);
  const even = Buffer.concat([content, Buffer.alloc(content.length % 2, ' ')]);
  const head = Buffer.alloc(long ? 12 : 8);
  head.writeUInt16LE(Number.parseInt(tag.slice(0, 4), 16), 0);
  head.writeUInt16LE(Number.parseInt(tag.slice(4), 16), 2);
  head.write(vr, 4, 'latin1');
  if (long) head.writeUInt32LE(even.length, 8);
  else head.writeUInt16LE(even.length, 6);
  return Buffer.concat([head, even]);
}

function rawSequence(tag: string, ...items: Buffer[]): Buffer {
  const content = items.map((item) => {
    const head = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
    head.writeUInt32LE(item.length, 4);
    return Buffer.concat([head, item]);
  });
  return raw(tag, 'SQ', Buffer.concat(content));
}

const texts = [
  'AE',
  'AS',
  'CS',
  'DA',
  'DS',
  'DT',
  'IS',
  'LO',
  'LT',
  'PN',
  'SH',
  'ST',
  'TM',
  'UC',
  'UR',
  'UT',
];
const binaries = [
  'AT',
  'FD',
  'FL',
  'OB',
  'OD',
  'OF',
  'OL',
  'OV',
  'OW',
  'SL',
  'SS',
  'SV',
  'UL',
  'UN',
  'US',
  'UV',
];

/** One of each value representation, in a public and in a private group. */
export function everyRepresentation(): Buffer {
  const creator = raw('00110010', 'LO', Buffer.from(MARK));
  let n = 0x10;
  const both = (vr: string, content: Uint8Array) => {
    n++;
    const element = n.toString(16).padStart(2, '0');
    return [raw(`001040${element}`, vr, content), raw(`001110${element}`, vr, content)];
  };
  const number = (vr: string) => {
    const bytes = Buffer.alloc(8);
    if (vr === 'FD' || vr === 'OD') bytes.writeDoubleLE(Number(DIGITS));
    else if (vr === 'FL' || vr === 'OF') bytes.writeFloatLE(Number(DIGITS));
    else bytes.writeUInt32LE(Number(DIGITS));
    return Buffer.concat([bytes, Buffer.from(`${MARK}${MARK}1234`)]);
  };
  return Buffer.concat([
    creator,
    ...texts.flatMap((vr) => both(vr, Buffer.from(`${MARK} ${DIGITS}`))),
    ...both('UI', Buffer.from(`1.2.${DIGITS}.3\0`)),
    ...binaries.flatMap((vr) => both(vr, number(vr))),
    // Text in another encoding.
    ...both('LO', Buffer.from(MARK, 'utf16le')),
  ]);
}

/** Every representation at depth 1 to 3: in a sequence that is not needed, in a private one, and in those that are. */
function everyDepth(): Buffer {
  const marks = everyRepresentation();
  const nested = (tag: string, depth: number): Buffer =>
    rawSequence(tag, depth === 1 ? marks : Buffer.concat([marks, nested(tag, depth - 1)]));
  return Buffer.concat([marks, nested('00400275', 3), nested('00111001', 3), nested('00081140', 3)]);
}

/** Marks where the list allows something, in the place of what is meant to be there. */
export const inAllowed = {
  imageType: `ORIGINAL\\PRIMARY\\M\\${MARK}`,
  manufacturer: `SIEMENS ${MARK}`,
  model: `Prisma_fit ${MARK}`,
  seriesDescription: `t1_mprage_sag ${MARK}`,
  protocolName: MARK,
  sequenceName: MARK,
  contrastAgent: MARK,
  bodyPart: MARK,
  patientPosition: MARK,
  sequenceVariant: `SP\\MP\\${MARK}`,
  acquisitionContrast: MARK,
  averages: MARK,
  pixelBandwidth: MARK,
  sex: 'F',
  birthDate: '19871231',
  study: `1.2.${DIGITS}.1`,
  series: `1.2.${DIGITS}.2`,
  frameOfReference: `1.2.${DIGITS}.4`,
};
const extra: Element[] = [
  // The right tag with another representation.
  { attribute: { tag: 'x00180083', vr: 'LO' }, text: MARK },
];

/** Files with marks in their preamble, their meta information, their elements, their unused bits, and behind their pixels. */
export async function markedSeries(): Promise<Buffer> {
  const files: Record<string, Buffer> = {};
  for (let n = 0; n < 10; n++) {
    const pixels = pixelsOf(n).map((value) => value | 0x5000);
    const { averages, ...allowed } = inAllowed;
    const file = sliceFile(n, { ...allowed, sopInstance: `1.2.${DIGITS}.9.${n}` }, extra, pixels);
    file.write(MARK, 10, 'latin1');
    const meta = raw('00020016', 'AE', Buffer.from(MARK));
    const ofMeta = Buffer.concat([file.subarray(132, 144), meta, file.subarray(144)]);
    ofMeta.writeUInt32LE(ofMeta.readUInt32LE(8) + meta.length, 8);
    const whole = Buffer.concat([
      file.subarray(0, 132),
      ofMeta,
      everyDepth(),
      raw('60003000', 'OW', Buffer.from(`${MARK}${MARK}`)),
    ]);
    files[`${MARK}/${DIGITS}-${n}.dcm`] = whole;
  }
  files[`${MARK}.pdf`] = Buffer.from(MARK);
  const zip = await zipFile(files);
  // A comment behind the ZIP's directory.
  zip.writeUInt16LE(MARK.length, zip.length - 2);
  return Buffer.concat([zip, Buffer.from(MARK)]);
}
