import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import dicomParser from 'dicom-parser';
import { cleanScan } from '../../../../src/kinds/mri/volume/clean-scan.ts';
import { attributes as a } from '../../../../src/kinds/mri/volume/dicom/attributes.ts';
import {
  type Element,
  encapsulated,
  writeDicom,
} from '../../../../src/kinds/mri/volume/dicom/write-elements.ts';
import { openScan } from '../../../../src/kinds/mri/volume/open-scan.ts';
import {
  ENHANCED_MR,
  elementsOf,
  enhancedFile,
  MR,
  pixelsOf,
  series,
  sliceFile,
  sliceValues,
  usual,
} from '../../../support/mri/dicom-series.ts';
import { INT16, niftiFile } from '../../../support/mri/nifti-file.ts';
import { unzipped, zipFile } from '../../../support/mri/zip-file.ts';

async function cleaned(
  source: Uint8Array | string,
  name = 'scan',
): Promise<{ bytes: Buffer; extension: string }> {
  const pieces: Buffer[] = [];
  const { extension, bytes } = await cleanScan(source, name, (piece) => {
    pieces.push(Buffer.from(piece));
  });
  const all = Buffer.concat(pieces);
  expect(bytes).toBe(all.length);
  return { bytes: all, extension };
}

/** Stands for what names a person. In UIDs, numbers and times only digits may be. */
const MARK = 'ZQXWKJ';
const DIGITS = '7346519';

function expectNoMark(bytes: Buffer): void {
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

describe('a NIfTI volume', () => {
  const voxels = Int16Array.from({ length: 120 }, (_, n) => n - 20);
  const grid = {
    dimensions: [4, 5, 6] as const,
    affine: [
      [0, 2, 0, -3],
      [-2, 0, 0, 4],
      [0, 0, 2.5, -5],
      [0, 0, 0, 1],
    ] as const,
  };

  /** Marks wherever a header has a text, or place for one. */
  function marked(version: 1 | 2): Buffer {
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
  function packedWithName(bytes: Buffer): Buffer {
    const packed = gzipSync(bytes);
    const head = Buffer.from(packed.subarray(0, 10));
    head[3] = 0x18;
    head.writeUInt32LE(Number(DIGITS), 4);
    return Buffer.concat([head, Buffer.from(`${MARK}.nii\0${MARK}\0`), packed.subarray(10)]);
  }

  test.each([1, 2] as const)(
    'of NIfTI-%i has its voxels and its place left, and nothing else',
    async (version) => {
      for (const file of [marked(version), packedWithName(marked(version))]) {
        const before = await openScan(file, 'a.nii');
        const { bytes, extension } = await cleaned(file);
        expect(extension).toBe('nii.gz');
        expectNoMark(bytes);
        expectNoMark(gunzipSync(bytes));
        expect([...bytes.subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, bytes[8], 255]);
        const after = await openScan(bytes, 'a.nii');
        expect(after.volume).toEqual(before.volume);
        expect(after.facts).toEqual(before.facts);
        expect(after.header).toEqual({ ...before.header, voxOffset: version === 1 ? 352 : 544 });
        expect(Buffer.compare((await cleaned(file)).bytes, bytes)).toBe(0);
      }
    },
  );

  test('keeps no orientation that its codes say is none', async () => {
    const file = niftiFile({ ...grid, data: voxels }, INT16, { qformCode: 0, sformCode: 0 });
    for (const offset of [256, 268, 280, 296, 312]) file.writeFloatLE(Number(DIGITS), offset);
    file.writeInt16LE(9999, 54);
    const { bytes } = await cleaned(file);
    expectNoMark(gunzipSync(bytes));
    expect(gunzipSync(bytes).readInt16LE(54)).toBe(1);
  });

  test('in a pair in a ZIP becomes one file', async () => {
    const pair = (end: string) => readFileSync(`test/kinds/mri/fixtures/tricky/pair.${end}`);
    const zip = await zipFile({
      [`${MARK}.hdr`]: pair('hdr'),
      [`${MARK}.img`]: pair('img'),
      [`${MARK}.txt`]: Buffer.from(MARK),
    });
    const { bytes, extension } = await cleaned(zip);
    expect(extension).toBe('nii.gz');
    expectNoMark(bytes);
    expect((await openScan(bytes, 'a')).volume).toEqual((await openScan(zip, 'a')).volume);
  });

  test('that will be refused is cleaned all the same, unless it is cut off or none', async () => {
    const refused: string[] = [];
    for (const name of readdirSync('test/kinds/mri/fixtures/tricky')) {
      const file = readFileSync(`test/kinds/mri/fixtures/tricky/${name}`);
      const outcome = (bytes: Uint8Array) =>
        openScan(bytes, 'a').then(
          ({ volume, facts }) => ({ volume, facts }),
          (error: Error) => error.message,
        );
      const result = await cleaned(file).catch(() => null);
      if (result === null) refused.push(name);
      else expect(await outcome(result.bytes)).toEqual(await outcome(file));
    }
    expect(refused.sort()).toEqual(['huge_dims.nii', 'pair.hdr', 'pair.img', 'trunc.nii', 'trunc.nii.gz']);
  });
});

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
function everyRepresentation(): Buffer {
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

describe('a DICOM series', () => {
  /** Marks where the list allows something, in the place of what is meant to be there. */
  const inAllowed = {
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
  async function marked(): Promise<Buffer> {
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

  test('has nothing left that was marked, at any depth, in any representation', async () => {
    const source = await marked();
    expect(source.includes(MARK)).toBe(true);
    const { bytes, extension } = await cleaned(source);
    expect(extension).toBe('zip');
    expectNoMark(bytes);
    const files = await unzipped(bytes);
    expect(Object.keys(files)).toHaveLength(10);
    for (const file of Object.values(files)) {
      expectNoMark(file);
      expect(file.includes('1987')).toBe(false);
      const set = dicomParser.parseDicom(file);
      for (const tag of Object.keys(set.elements)) expect(Number.parseInt(tag.slice(4, 5), 16) % 2).toBe(0);
      expect([set.string('x00100010'), set.string('x00100020'), set.string('x00120062')]).toEqual([
        undefined,
        undefined,
        'YES',
      ]);
    }
  });

  test('is the same volume with the same facts', async () => {
    const source = await marked();
    const before = await openScan(source, 'a.zip');
    const after = await openScan((await cleaned(source)).bytes, 'a.zip');
    expect(after.volume).toEqual(before.volume);
    expect(after.facts).toEqual({ ...before.facts, notices: [] });
    expect(before.facts).toMatchObject({
      sequence: 't1 mprage sag, 3D, GR/IR, TR 2300 ms, TE 2.98 ms, TI 900 ms, flip angle 9°',
      manufacturer: 'Siemens',
      model: 'Prisma fit',
      contrast_agent: 'yes',
      age_years: 34,
      sex: 'female',
    });
  });

  test('has new identifiers, the same for the same', async () => {
    const { bytes } = await cleaned(await marked());
    const ids = Object.values(await unzipped(bytes)).map((file) => {
      const set = dicomParser.parseDicom(file);
      return ['x00080018', 'x00020003', 'x0020000d', 'x0020000e', 'x00200052'].map(
        (tag) => set.string(tag) as string,
      );
    });
    expect(new Set(ids.map(([instance]) => instance)).size).toBe(10);
    for (const [instance, inMeta, study, ofSeries, frame] of ids) {
      expect(inMeta).toBe(instance);
      expect([study, ofSeries, frame]).toEqual(ids[0]?.slice(2));
      for (const id of [instance, study, ofSeries, frame]) expect(id).toMatch(/^2\.25\.\d{30,39}$/);
    }
    const again = Object.values(await unzipped((await cleaned(await marked())).bytes))[0] as Buffer;
    expect(dicomParser.parseDicom(again).string('x0020000e')).not.toBe(ids[0]?.[3]);
  });

  test('in an enhanced file keeps the groups of its frames, and nothing else in them', async () => {
    const marks = everyRepresentation();
    const file = enhancedFile({
      slopeOf: (n) => n + 1,
      changes: inAllowed,
      frameChanges: () => [
        {
          attribute: a.imageFrameType,
          items: [
            [
              { attribute: a.frameType, text: `ORIGINAL\\PRIMARY\\${MARK}` },
              { attribute: { tag: 'x00209071', vr: 'SQ' }, items: [elementsOf({ protocolName: MARK })] },
              ...elementsOf({ protocolName: MARK, position: [Number(DIGITS), 0, 0] }),
            ],
          ],
        },
        {
          attribute: { tag: 'x00209221', vr: 'SQ' },
          items: [[{ attribute: a.modifier, items: [elementsOf({ protocolName: MARK })] }]],
        },
      ],
    });
    const source = await zipFile({ 'a.dcm': Buffer.concat([file, marks]) });
    const { bytes } = await cleaned(source);
    const [only] = Object.values(await unzipped(bytes));
    expectNoMark(only as Buffer);
    expect(dicomParser.parseDicom(only as Buffer).string('x00080016')).toBe(ENHANCED_MR);
    const before = await openScan(source, 'a.zip');
    expect((await openScan(bytes, 'a.zip')).volume).toEqual(before.volume);
  });

  test('of packed pixels has them unpacked, without the comments of a JPEG', async () => {
    const source = readFileSync('test/kinds/mri/fixtures/syntaxes/jpeg-lossless-70.zip');
    const files: Record<string, Buffer> = {};
    for (const [name, file] of Object.entries(await unzipped(source))) {
      const set = dicomParser.parseDicom(file);
      const element = set.elements.x7fe00010 as dicomParser.Element;
      const frame = dicomParser.readEncapsulatedPixelDataFromFragments(
        set,
        element,
        0,
        element.fragments?.length ?? 0,
      ) as Uint8Array;
      const comment = Buffer.from(`\xff\xfe\0${String.fromCharCode(MARK.length + 2)}${MARK}`, 'latin1');
      const packed = Buffer.concat([frame.subarray(0, 2), comment, frame.subarray(2)]);
      const n = Number.parseInt(name, 10) - 1;
      const values = { ...usual, ...sliceValues(n), rows: 48, columns: 64, bitsStored: 12 };
      const written = writeDicom(elementsOf(values), {
        sopClass: MR,
        sopInstance: `1.2.${n}`,
        transferSyntax: '1.2.840.10008.1.2.4.70',
      });
      files[name] = Buffer.concat([written, encapsulated([packed])]);
    }
    const zip = await zipFile(files);
    expect(Object.values(files)[0]?.includes(MARK)).toBe(true);
    const { bytes } = await cleaned(zip);
    for (const file of Object.values(await unzipped(bytes))) expectNoMark(file);
    const after = await openScan(bytes, 'a.zip');
    expect(after.volume).toEqual((await openScan(zip, 'a.zip')).volume);
    expect(Array.from(after.volume.data)).toEqual(Array.from((await openScan(source, 'a.zip')).volume.data));
  });

  test.each([
    ['120Y', 89],
    ['090Y', 89],
    ['089Y', 89],
    ['018M', 1],
    ['003W', 0],
  ])('of somebody of %s says %i years', async (age, years) => {
    const { bytes } = await cleaned(await zipFile(series({ age, birthDate: '18991231' })));
    expect((await openScan(bytes, 'a.zip')).facts.age_years).toBe(years);
    for (const file of Object.values(await unzipped(bytes))) {
      expect(dicomParser.parseDicom(file).string('x00101010')).toBe(`${String(years).padStart(3, '0')}Y`);
      expect(file.includes('1899')).toBe(false);
    }
  });

  test('without an age has that of the day of the scan', async () => {
    const { bytes } = await cleaned(
      await zipFile(series({ age: null, birthDate: '19700615', acquisitionDate: '20200614' })),
    );
    expect((await openScan(bytes, 'a.zip')).facts.age_years).toBe(49);
  });

  test('keeps no pixels into which somebody may have written', async () => {
    const derived = series(
      (n) => ({ imageType: 'DERIVED\\SECONDARY', series: '1.9', sopInstance: `1.9.${n}`, seriesNumber: 8 }),
      { prefix: 'd' },
    );
    const burned = series(
      (n) => ({ burnedIn: 'YES', series: '1.8', sopInstance: `1.8.${n}`, seriesNumber: 9 }),
      { prefix: 'b' },
    );
    const screen = sliceFile(0, {
      sopClass: '1.2.840.10008.5.1.4.1.1.7',
      series: '1.7',
      sopInstance: '1.7.1',
      seriesNumber: 10,
    });
    const source = await zipFile({ ...series(), ...derived, ...burned, 'screen.dcm': screen });
    const { bytes } = await cleaned(source);
    const withPixels = Object.values(await unzipped(bytes)).filter(
      (file) => dicomParser.parseDicom(file).elements.x7fe00010,
    );
    expect(withPixels).toHaveLength(10);
    const [before, after] = [await openScan(source, 'a.zip'), await openScan(bytes, 'a.zip')];
    expect(after.facts).toEqual(before.facts);
  });

  test('that will be refused is cleaned all the same, and refused for the same reason', async () => {
    for (const changes of [
      { modality: 'CT', sopClass: '1.2.840.10008.5.1.4.1.1.2' },
      { imageType: 'ORIGINAL\\PRIMARY\\LOCALIZER' },
      { acquisitionContrast: 'T2' },
      { imageType: 'ORIGINAL\\PRIMARY\\M\\MOSAIC' },
    ]) {
      const source = await zipFile(series(changes));
      const said = (bytes: Uint8Array) =>
        openScan(bytes, 'a.zip').then(
          () => 'It opens.',
          ({ message }: Error) => message,
        );
      expect(await said((await cleaned(source)).bytes)).toBe(await said(source));
    }
    await expect(cleaned(await zipFile({ 'a.txt': Buffer.from('hello') }), 'a.zip')).rejects.toThrow(
      'a.zip has no DICOM images in it',
    );
    const cut = { ...series(), '0-0.dcm': sliceFile(0).subarray(0, 900) };
    await expect(cleaned(await zipFile(cut), 'a.zip')).rejects.toThrow(/a.zip (is cut off|has a DICOM file)/);
  });

  test('of the sample is the same volume', async () => {
    const path = 'test/kinds/mri/fixtures/dicom_t1_HFS.zip';
    const { bytes } = await cleaned(path);
    const [before, after] = [await openScan(path, 'a.zip'), await openScan(bytes, 'a.zip')];
    expect(after.facts).toEqual(before.facts);
    expect(after.volume.affine).toEqual(before.volume.affine);
    expect(
      Buffer.compare(Buffer.from(after.volume.data.buffer), Buffer.from(before.volume.data.buffer)),
    ).toBe(0);
    for (const file of Object.values(await unzipped(bytes))) {
      // Nothing as short as a year: the digits of new UIDs are drawn by chance.
      for (const text of ['Rorden', '1107.5.2.43.67060', '20220407', 'MRC35131', 'MEDCOM', 'CSA'])
        expect(file.includes(text)).toBe(false);
    }
  });
});
