import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
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
import {
  DIGITS,
  everyRepresentation,
  expectNoMark,
  grid,
  inAllowed,
  MARK,
  markedNifti,
  markedSeries,
  packedWithName,
  voxels,
} from '../../../support/mri/marked-scans.ts';
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

describe('a NIfTI volume', () => {
  test.each([1, 2] as const)(
    'of NIfTI-%i has its voxels and its place left, and nothing else',
    async (version) => {
      for (const file of [markedNifti(version), packedWithName(markedNifti(version))]) {
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

describe('a DICOM series', () => {
  test('has nothing left that was marked, at any depth, in any representation', async () => {
    const source = await markedSeries();
    expect(source.includes(MARK)).toBe(true);
    const { bytes, extension } = await cleaned(source);
    expect(extension).toBe('zip');
    expectNoMark(bytes);
    const files = await unzipped(bytes);
    expect(Object.keys(files)).toHaveLength(10);
    for (const file of Object.values(files)) {
      expectNoMark(file);
      expect(file.includes('19871231')).toBe(false);
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
    const source = await markedSeries();
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
    const { bytes } = await cleaned(await markedSeries());
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
    const again = Object.values(await unzipped((await cleaned(await markedSeries())).bytes))[0] as Buffer;
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
      expect(file.includes('18991231')).toBe(false);
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
