import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import dicomParser from 'dicom-parser';
import fc from 'fast-check';
import yazl from 'yazl';
import { DoubletakeError } from '../../../../src/domain/errors.ts';
import { attributes as a } from '../../../../src/kinds/mri/volume/dicom/attributes.ts';
import { parseDicom } from '../../../../src/kinds/mri/volume/dicom/parse.ts';
import { conform, putBack } from '../../../../src/kinds/mri/volume/geometry/conform.ts';
import { writeLabels } from '../../../../src/kinds/mri/volume/nifti/write.ts';
import { openScan } from '../../../../src/kinds/mri/volume/open-scan.ts';
import type { Affine, StoredVolume } from '../../../../src/kinds/mri/volume/volume.ts';
import {
  enhancedFile,
  pixelsOf,
  replaced,
  SLICES,
  STEP,
  series,
  sliceFile,
  sliceValues,
  type Values,
} from '../../../support/mri/dicom-series.ts';
import { unzipped, zipFile } from '../../../support/mri/zip-file.ts';

const hfsPath = 'test/kinds/mri/fixtures/dicom_t1_HFS.zip';
const opened = async (files: Record<string, Uint8Array>) => openScan(await zipFile(files), 'scan.zip');
const messageOf = (opening: Promise<unknown>) =>
  opening.then(
    () => 'It opens.',
    (error: DoubletakeError) => `${error.type}: ${error.message}`,
  );
const refusal = async (changes: Values | ((n: number) => Values | null), slices?: number) =>
  messageOf(opened(series(changes, { slices })));

/** The value at a place of DICOM's world. */
function valueAt(
  { dimensions, affine, data, slope, intercept }: StoredVolume,
  [x, y, z]: readonly number[],
): number {
  const ras = [-(x as number), -(y as number), z as number];
  const [nx, ny, nz] = dimensions;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++) {
        const there = affine
          .slice(0, 3)
          .every(
            (row, r) => Math.abs(row[0] * i + row[1] * j + row[2] * k + row[3] - (ras[r] as number)) < 1e-3,
          );
        if (there) return (data[(k * ny + j) * nx + i] as number) * slope + intercept;
      }
    }
  }
  return Number.NaN;
}

describe('a sagittal series', () => {
  test('is a volume in the world, whatever the order of its files', async () => {
    const { volume, facts } = await opened(series());
    expect(volume.dimensions).toEqual([24, 20, SLICES]);
    for (const [n, row, column] of [
      [0, 0, 0],
      [3, 5, 7],
      [9, 19, 23],
    ] as const) {
      const place = [-7 + n * STEP, -12 + column, 10 - row];
      expect(valueAt(volume, place)).toBe(pixelsOf(n)[row * 24 + column]);
    }
    expect(facts).toEqual({
      format: 'dicom',
      sides: 'known',
      orientation_from: 'positions and orientation of the DICOM slices',
      voxel_mm: [1, 1, STEP],
      sequence: 't1 mprage sag, 3D, GR/IR, TR 2300 ms, TE 2.98 ms, TI 900 ms, flip angle 9°',
      field_strength_t: 3,
      contrast_agent: 'unknown',
      manufacturer: 'Siemens',
      model: 'Prisma fit',
      age_years: 34,
      sex: 'female',
      notices: [],
    });
  });

  test('rescales, each slice by itself, and has signs', async () => {
    const alike = await opened(series({ slope: 0.5, intercept: -10 }));
    expect([alike.volume.slope, alike.volume.intercept]).toEqual([0.5, -10]);
    const each = await opened(series((n) => ({ slope: n + 1, intercept: n })));
    for (const n of [0, 4, 9]) {
      expect(valueAt(each.volume, sliceValues(n).position as number[])).toBe(
        (pixelsOf(n)[0] as number) * (n + 1) + n,
      );
    }
    const files = series({ pixelRepresentation: 1 });
    const signed: Record<string, Buffer> = {};
    // Minus five in twelve bits, with something else in the four bits that do not count.
    const pixels = new Uint16Array(480).fill(0xaffb);
    for (const [n, name] of Object.keys(files).entries())
      signed[name] = sliceFile(n, { pixelRepresentation: 1 }, [], pixels);
    const { volume } = await opened(signed);
    expect(volume.data.every((value) => value === -5)).toBe(true);
  });

  test('with a gap is refused, and the gap is named', async () => {
    const gap = await refusal((n) => (n === 4 ? null : {}));
    expect(gap).toBe(
      'UnreadableMedia: scan.zip lacks slices: 1 slice between -0.5 and 2.5 mm, between instances 4 and 6 (spacing 1.5 mm). Export the whole series again, with all its slices.',
    );
    const more = await refusal((n) => ([2, 6, 7].includes(n) ? null : {}), 14);
    expect(more).toContain(
      '2 slices between -5 and -0.5 mm, between instances 6 and 9; 1 slice between 2.5 and 5.5 mm, between instances 2 and 4',
    );
    const everySecond = await refusal((n) => (n % 2 ? null : { spacingBetweenSlices: STEP }), 12);
    expect(everySecond).toContain('lacks slices: its slices are 3 mm apart, and it was taken with 1.5 mm');
  });

  test('evenly spaced within a hundredth is accepted, and unevenly refused', async () => {
    const shifted = (by: number) => (n: number) => ({
      position: [-7 + n * STEP + (n === 5 ? by : 0), -12, 10],
    });
    expect(await refusal(shifted(0.009 * STEP))).toBe('It opens.');
    expect(await refusal(shifted(0.02 * STEP))).toContain(
      'has slices that are unevenly spaced (1.47 to 1.53 mm apart)',
    );
    expect(await refusal((n) => ({ position: [-7 + n * STEP, -12 + (n === 5 ? 1 : 0), 10] }))).toContain(
      'shifted sideways, unevenly',
    );
  });

  test('with a tilt is a sheared volume, and says so', async () => {
    const { volume, facts } = await opened(series((n) => ({ position: [-7 + n * STEP, -12, 10 + n * 0.4] })));
    expect(facts.notices.join()).toContain('tilt of 14.9°');
    expect(valueAt(volume, [-7 + 9 * STEP, -12, 10 + 9 * 0.4])).toBe(pixelsOf(9)[0]);
  });

  test('of which a file comes twice, has one too much of it', async () => {
    const files = series();
    const { facts } = await opened({ ...files, 'again.dcm': files['0-0.dcm'] as Buffer });
    expect(facts.notices.join()).toContain('1 slices came more than once');
  });

  test('that holds several volumes is refused, saying how many', async () => {
    const files = {
      ...series(),
      ...series((n) => ({ sopInstance: `1.9.${n}`, temporalPosition: 2 }), { prefix: 'b' }),
    };
    expect(await messageOf(opened(files))).toContain('holds 2 volumes, and one is expected');
  });

  test('has no position, no slices, no pixels', async () => {
    expect(await refusal({ position: null })).toContain('has slices without a position');
    expect(await refusal({ orientation: [1, 0, 0, 1, 0, 0] })).toContain(
      'has slices without a position, an orientation',
    );
    expect(await refusal({ pixelSpacing: [0, 1] })).toContain(
      'has slices without a position, an orientation or a pixel spacing',
    );
    expect(await refusal({}, 2)).toContain('has 2 slices in one direction, which is no volume');
    expect(await refusal({ rows: 200 })).toContain(
      'is cut off: it promises 9600 bytes of pixels, and 960 are there',
    );
    expect(await refusal({ bitsAllocated: 1 })).toContain('has pixels of an impossible size');
    const files = series();
    files['10-7.dcm'] = (files['10-7.dcm'] as Buffer).subarray(0, 500);
    expect(await messageOf(opened(files))).toContain('has 1 DICOM file that is cut off or damaged');
  });
});

describe('what is not a T1-weighted series is refused by name', () => {
  const epi = { scanningSequence: 'EP', seriesDescription: null };
  const spin = {
    scanningSequence: 'SE',
    sequenceVariant: 'SK',
    inversionTime: null,
    seriesDescription: null,
    flipAngle: 90,
  };
  test.each<[string, Values, string]>([
    ['CT', { modality: 'CT', sopClass: '1.2.840.10008.5.1.4.1.1.2' }, 'is a CT scan, not an MRI'],
    ['PET', { modality: 'PT' }, 'is a PET scan'],
    ['a picture of a screen', { sopClass: '1.2.840.10008.5.1.4.1.1.7' }, 'is no series of MR images'],
    ['a mosaic', { imageType: 'ORIGINAL\\PRIMARY\\M\\ND\\MOSAIC' }, 'is a mosaic'],
    ['a localiser', { imageType: 'ORIGINAL\\PRIMARY\\LOCALIZER' }, 'is a localiser'],
    ['a localiser by its name', { seriesDescription: 'AAHead_Scout' }, 'is a localiser'],
    ['a derived series', { imageType: 'DERIVED\\SECONDARY\\MPR' }, 'is a derived series'],
    ['phases', { imageType: 'ORIGINAL\\PRIMARY\\P\\ND' }, 'holds the phase part'],
    ['colours', { photometric: 'RGB', samplesPerPixel: 3 }, 'holds pictures in colour'],
    ['text in its pictures', { burnedIn: 'YES' }, 'has text burned into its pictures'],
    [
      'T2',
      { ...spin, repetitionTime: 5000, echoTime: 100 },
      'is T2-weighted (TR 5000 ms, TE 100 ms, flip angle 90°), not T1-weighted',
    ],
    ['PD', { ...spin, repetitionTime: 3000, echoTime: 15 }, 'is proton-density-weighted'],
    ['FLAIR', { ...spin, repetitionTime: 9000, echoTime: 120, inversionTime: 2500 }, 'is a FLAIR'],
    [
      'T2*',
      {
        scanningSequence: 'GR',
        sequenceVariant: 'SP',
        inversionTime: null,
        repetitionTime: 600,
        echoTime: 20,
        seriesDescription: null,
      },
      'is T2*-weighted',
    ],
    [
      'PD by gradient echo',
      {
        scanningSequence: 'GR',
        sequenceVariant: 'SP',
        inversionTime: null,
        repetitionTime: 20,
        flipAngle: 3,
        seriesDescription: null,
      },
      'is proton-density-weighted',
    ],
    [
      'perfusion by its name',
      { ...epi, scanningSequence: 'RM', repetitionTime: null, seriesDescription: 'ep2d_pcasl' },
      'is a perfusion series (by its name)',
    ],
    ['perfusion by its type', { imageType: 'ORIGINAL\\PRIMARY\\PERFUSION' }, 'is a perfusion series'],
    ['diffusion', { imageType: 'ORIGINAL\\PRIMARY\\DIFFUSION' }, 'is a diffusion series'],
    ['echo-planar', epi, 'is an echo-planar series'],
    ['stated T2', { acquisitionContrast: 'T2' }, 'is T2-weighted (stated in the file)'],
  ])('%s', async (_, changes, message) => {
    const said = await refusal(changes);
    expect(said).toContain(`UnreadableMedia: scan.zip ${message}`);
    expect(said).toMatch(/\. (Send|Export) /);
  });

  test.each<[string, Values]>([
    [
      'a spoiled gradient echo',
      {
        scanningSequence: 'GR',
        sequenceVariant: 'SP',
        inversionTime: null,
        repetitionTime: 25,
        flipAngle: 30,
        seriesDescription: null,
      },
    ],
    ['a spin echo', { ...spin, repetitionTime: 500, echoTime: 12 }],
    [
      'T1 FLAIR',
      { ...spin, repetitionTime: 2000, echoTime: 20, inversionTime: 860, seriesDescription: 'T1 FLAIR' },
    ],
    [
      'a T1-weighted fast sequence with a long TR',
      { ...spin, repetitionTime: 1900, echoTime: 12, seriesDescription: 't1_tse' },
    ],
    [
      'nothing said',
      { scanningSequence: null, repetitionTime: null, echoTime: null, seriesDescription: null },
    ],
  ])('%s is not', async (_, changes) => {
    expect(await refusal(changes)).toBe('It opens.');
  });
});

describe('several series in one ZIP', () => {
  const another = (number: number, changes: Values) =>
    series(
      (n) => ({
        series: `1.9.${number}`,
        seriesNumber: number,
        sopInstance: `1.9.${number}.${n}`,
        ...changes,
      }),
      { prefix: `s${number}/` },
    );

  test('the best is taken by the rules, and the others are listed', async () => {
    const files = {
      ...another(1, { imageType: 'ORIGINAL\\PRIMARY\\LOCALIZER', seriesDescription: 'localizer' }),
      ...another(3, { acquisitionType: '2D', seriesDescription: 't1_tse_sag' }),
      ...another(4, { contrastAgent: 'Gadovist for John Doe', seriesDescription: 't1_mprage_sag_km' }),
      ...series(),
      ...another(5, { pixelSpacing: [2, 2] }),
      ...another(6, {
        scanningSequence: 'SE',
        inversionTime: null,
        repetitionTime: 6000,
        echoTime: 100,
        seriesDescription: 'T2 of Mr Doe',
      }),
      'report.pdf': Buffer.from('%PDF'),
    };
    const { facts } = await opened(files);
    const said = facts.notices.join(' ');
    expect(said).toContain(
      'Of 6 series in the ZIP, series 2 (t1 mprage sag, 10 slices) was taken (known T1 weighting,',
    );
    expect(said).toContain('series 1 (localizer, 10 slices) is a localiser');
    expect(said).toContain('series 3 (t1 tse sag, 10 slices) would do, too');
    expect(said).toContain(
      'series 6 (t2, 10 slices) is T2-weighted (TR 6000 ms, TE 100 ms, flip angle 9°), not T1-weighted',
    );
    expect(said).toContain('1 files of the ZIP are no DICOM files');
    expect(said).not.toContain('Doe');
  });

  test.each<[string, Values]>([
    ['a contrast agent', { contrastAgent: 'Gadovist' }],
    ['larger voxels', { pixelSpacing: [1.5, 1.6] }],
    ['two dimensions', { acquisitionType: '2D' }],
    ['a weighting that is not known', { scanningSequence: null, seriesDescription: null }],
    ['a higher number', {}],
  ])('one without %s is preferred', async (_, changes) => {
    const { facts } = await opened({ ...another(9, changes), ...series() });
    expect(facts.notices[0]).toContain('series 2 (t1 mprage sag, 10 slices) was taken');
  });

  test('where none will do, each is named', async () => {
    const files = { ...another(1, { modality: 'CT' }), ...another(3, { imageType: 'DERIVED\\PRIMARY' }) };
    expect(await messageOf(opened(files))).toBe(
      'UnreadableMedia: scan.zip has no T1-weighted volume: series 1 (t1 mprage sag, 10 slices) is a CT scan, not an MRI; series 3 (t1 mprage sag, 10 slices) is a derived series, computed from another. Send a T1-weighted MRI of the head with all its slices.',
    );
  });
});

describe('an enhanced file of many frames', () => {
  test('has the place and the rescaling of each frame', async () => {
    const file = enhancedFile({
      frameOf: (n) => (n * 3) % SLICES,
      slopeOf: (n) => 1 + n / 4,
      interceptOf: (n) => -n,
    });
    const { volume, facts } = await opened({ 'a.dcm': file });
    for (const n of [0, 1, 5, 9]) {
      expect(valueAt(volume, sliceValues(n).position as number[])).toBe(
        (pixelsOf(n)[0] as number) * (1 + n / 4) - n,
      );
    }
    expect(facts.sequence).toBe('t1 mprage sag, 3D, GR, TR 2300 ms, TE 2.98 ms, TI 900 ms, flip angle 9°');
    const bare = await openScan(file, 'a.dcm');
    expect(bare.volume).toEqual(volume);
  });

  test('is refused for what a series is refused for', async () => {
    const of = async (...args: Parameters<typeof enhancedFile>) =>
      messageOf(opened({ 'a.dcm': enhancedFile(...args) }));
    expect(await of({ frameOf: (n) => (n > 4 ? n + 1 : n), frames: 9 })).toContain(
      'lacks slices: 1 slice between',
    );
    expect(await of({ frameOf: (n) => n % 5 })).toContain('holds 2 volumes');
    expect(await of({ changes: { acquisitionContrast: 'PROTON_DENSITY' } })).toContain(
      'is proton-density-weighted',
    );
    expect(await of({ changes: { numberOfFrames: 4_000_000 } })).toContain('is cut off');
    const derived = {
      attribute: a.imageFrameType,
      items: [[{ attribute: a.frameType, text: 'DERIVED\\PRIMARY' }]],
    };
    expect(await of({ frameChanges: () => [derived] })).toContain('is a derived series');
  });
});

describe('the sample', () => {
  test('is the volume that dcm2niix makes of it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dcm2niix-'));
    try {
      const files = await unzipped(readFileSync(hfsPath));
      for (const [n, bytes] of Object.values(files).entries()) writeFileSync(join(folder, `${n}.dcm`), bytes);
      const nifti = join(folder, '..', `${folder.split('/').at(-1)}.nii`);
      execFileSync(process.execPath, ['test/support/mri/dcm2niix.mjs', folder, nifti]);
      const theirs = conform((await openScan(nifti, 'theirs.nii')).volume);
      rmSync(nifti);
      const ours = conform((await openScan(hfsPath, 'ours.zip')).volume);
      expect(ours.volume.dimensions).toEqual(theirs.volume.dimensions);
      for (const [r, row] of ours.volume.affine.entries())
        for (const [c, entry] of row.entries())
          expect(entry).toBeCloseTo(theirs.volume.affine[r]?.[c] as number, 2);
      const differ = ours.volume.data.reduce(
        (sum, value, n) => sum + (Math.abs(value - (theirs.volume.data[n] as number)) > 1 ? 1 : 0),
        0,
      );
      expect(differ).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  /** Turns the pixels of a slice within its plane, and its position and orientation with them: the head stays where it was. */
  function turned(file: Buffer, quarters: number, patientPosition: string): Buffer {
    const set = dicomParser.parseDicom(file);
    const list = (tag: string) => (set.string(tag) as string).split('\\').map(Number);
    const [rows, columns] = [set.uint16('x00280010') as number, set.uint16('x00280011') as number];
    const size = rows;
    expect(columns).toBe(rows);
    const [px, py, pz] = list('x00200032') as [number, number, number];
    const o = list('x00200037');
    const mm = list('x00280030')[0] as number;
    let [row, column] = [o.slice(0, 3), o.slice(3)] as [number[], number[]];
    let origin = [px, py, pz];
    const element = set.elements.x7fe00010 as { dataOffset: number; length: number };
    let pixels = new Uint16Array(
      file.buffer.slice(
        file.byteOffset + element.dataOffset,
        file.byteOffset + element.dataOffset + element.length,
      ),
    );
    for (let turn = 0; turn < quarters; turn++) {
      // The last row becomes the first column.
      const next = new Uint16Array(pixels.length);
      for (let r = 0; r < size; r++)
        for (let c = 0; c < size; c++) next[r * size + c] = pixels[(size - 1 - c) * size + r] as number;
      pixels = next;
      origin = origin.map((value, n) => value + (column[n] as number) * mm * (size - 1));
      [row, column] = [column.map((value) => -value), row];
    }
    const text = (values: readonly number[]) =>
      values.map((value) => String(Number(value.toFixed(6)))).join('\\');
    let changed = replaced(file, a.pixels, new Uint8Array(pixels.buffer));
    changed = replaced(changed, a.orientation, text([...row, ...column]));
    changed = replaced(changed, a.position, text(origin));
    return replaced(changed, a.patientPosition, patientPosition);
  }

  test('lying on the other side gives the same volume, and the same left', async () => {
    const files = await unzipped(readFileSync(hfsPath));
    const original = await openScan(hfsPath, 'HFS.zip');
    const expected = conform(original.volume);
    const [nx] = expected.volume.dimensions;
    // The model's first axis runs to the left.
    const leftHalf = Uint8Array.from(expected.volume.data, (_, n) => (n % nx >= nx / 2 ? 1 : 0));
    const leftOf = (volume: StoredVolume) => {
      const labels = putBack(leftHalf, volume);
      const { affine, dimensions } = volume;
      const [nx, ny] = dimensions;
      const [toI, toJ, toK, from] = affine[0] as Affine[0];
      let x = 0;
      let count = 0;
      for (let n = 0; n < labels.length; n++) {
        if (labels[n] === 0) continue;
        x += toI * (n % nx) + toJ * (Math.floor(n / nx) % ny) + toK * Math.floor(n / nx / ny) + from;
        count++;
      }
      return { x: x / count, count };
    };
    expect(leftOf(original.volume).x).toBeLessThan(-30);
    for (const [position, quarters] of [
      ['HFP', 2],
      ['HFDL', 1],
    ] as const) {
      const lying = Object.fromEntries(
        Object.entries(files).map(([name, file]) => [name, turned(file, quarters, position)]),
      );
      const { volume, facts } = await opened(lying);
      expect(facts.sides).toBe('known');
      const conformed = conform(volume);
      expect(conformed.volume.dimensions).toEqual(expected.volume.dimensions);
      expect(
        Buffer.compare(Buffer.from(conformed.volume.data.buffer), Buffer.from(expected.volume.data.buffer)),
      ).toBe(0);
      expect(leftOf(volume).count).toBe(leftOf(original.volume).count);
      expect(leftOf(volume).x).toBeCloseTo(leftOf(original.volume).x, 3);
    }
  });

  test('has its labels on the grid of its slices', async () => {
    const { volume, header } = await openScan(hfsPath, 'HFS.zip');
    const labels = await openScan(
      writeLabels(new Uint8Array(volume.data.length).fill(1), header),
      'labels.nii.gz',
    );
    expect(labels.volume.dimensions).toEqual(volume.dimensions);
    expect([labels.header.qformCode, labels.header.sformCode]).toEqual([1, 1]);
    expect(labels.facts.sides).toBe('known');
    for (const [r, row] of labels.volume.affine.entries())
      for (const [c, entry] of row.entries()) expect(entry).toBeCloseTo(volume.affine[r]?.[c] as number, 4);
  });
});

test('every transfer syntax gives the same voxels', async () => {
  const folder = 'test/kinds/mri/fixtures/syntaxes';
  const expected = await openScan(`${folder}/explicit-little.zip`, 'a.zip');
  for (const name of readdirSync(folder)) {
    const { volume } = await openScan(`${folder}/${name}`, name);
    expect(volume.affine).toEqual(expected.volume.affine);
    expect(Buffer.compare(Buffer.from(volume.data.buffer), Buffer.from(expected.volume.data.buffer))).toBe(0);
  }
});

test('a ZIP of which a byte changed on the way is refused', async () => {
  const zip = new yazl.ZipFile();
  for (const [name, file] of Object.entries(series())) zip.addBuffer(file, name, { compress: false });
  zip.end();
  const bytes = await buffer(zip.outputStream);
  const at = bytes.indexOf('t1_mprage');
  bytes[at] = 'T'.charCodeAt(0);
  expect(await messageOf(openScan(bytes, 'a.zip'))).toContain('a.zip is a ZIP that is cut off or damaged');
});

test('packed pixels that are damaged are refused', async () => {
  const files = await unzipped(readFileSync('test/kinds/mri/fixtures/syntaxes/jpeg-2000.zip'));
  for (const [name, file] of Object.entries(files))
    files[name] = Buffer.concat([
      file.subarray(0, 1800),
      Buffer.alloc(file.length - 1800 - 8),
      file.subarray(-8),
    ]);
  expect(await messageOf(opened(files))).toMatch(
    /scan.zip has (packed pixels that cannot be unpacked|fewer packed pixels|1 DICOM|6 DICOM)/,
  );
});

test('a file changed anywhere opens as what it says, or is refused by name', async () => {
  const files = series();
  const name = '7-1.dcm';
  const file = files[name] as Buffer;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 128, max: 900 }), fc.nat(255)), { minLength: 1, maxLength: 5 }),
      async (changes) => {
        const changed = Buffer.from(file);
        for (const [at, byte] of changes) changed[at] = byte;
        try {
          const { volume } = await opened({ ...files, [name]: changed });
          expect(volume.data.length).toBe(volume.dimensions.reduce((all, size) => all * size, 1));
        } catch (error) {
          if (!(error instanceof DoubletakeError)) throw error;
          expect(error.message).toMatch(/^scan\.zip /);
        }
      },
    ),
    { numRuns: 150 },
  );
});

test('sequences nested a hundred thousand deep are refused', async () => {
  const head = Buffer.from([
    0x08, 0x00, 0x40, 0x11, 0x53, 0x51, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff,
    0xff, 0xff,
  ]);
  const file = sliceFile(0);
  const deep = Buffer.concat([file.subarray(0, 330), ...Array<Buffer>(100_000).fill(head)]);
  expect(await messageOf(opened({ 'a.dcm': deep }))).toContain('cut off or damaged');
});

describe('the structure of a file', () => {
  const nothing = Buffer.alloc(0);
  const head = (group: number, element: number, vr: string, length: number) => {
    const long = ['SQ', 'UN', 'OV', 'OB'].includes(vr);
    const bytes = Buffer.alloc(long ? 12 : 8);
    bytes.writeUInt16LE(group, 0);
    bytes.writeUInt16LE(element, 2);
    bytes.write(vr, 4, 'latin1');
    if (long) bytes.writeUInt32LE(length, 8);
    else bytes.writeUInt16LE(length, 6);
    return bytes;
  };
  const bare = (group: number, element: number, content: Buffer, length = content.length) => {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt16LE(group, 0);
    bytes.writeUInt16LE(element, 2);
    bytes.writeUInt32LE(length, 4);
    return Buffer.concat([bytes, content]);
  };
  const ENDLESS = 0xffffffff;
  const itemEnd = bare(0xfffe, 0xe00d, nothing);
  const sequenceEnd = bare(0xfffe, 0xe0dd, nothing);
  /** The usual slices, with something before their first element. */
  const withElement = (element: Buffer) => {
    const files = series();
    for (const [name, file] of Object.entries(files)) {
      const at = file.indexOf(Buffer.from([0x08, 0x00, 0x08, 0x00, 0x43, 0x53]));
      files[name] = Buffer.concat([file.subarray(0, at), element, file.subarray(at)]);
    }
    return files;
  };

  test('is read as dicom-parser reads it', async () => {
    for (const path of [
      hfsPath,
      'test/kinds/mri/fixtures/syntaxes/implicit-little.zip',
      'test/kinds/mri/fixtures/syntaxes/explicit-big.zip',
    ]) {
      for (const file of Object.values(await unzipped(readFileSync(path))).slice(0, 3)) {
        const theirs = Object.values(dicomParser.parseDicom(file).elements).map(
          ({ tag, dataOffset, length }) => [tag, dataOffset, length],
        );
        const ours = [...parseDicom(file, 0).values].map(([tag, { at, length }]) => [tag, at, length]);
        expect(ours.sort()).toEqual(theirs.sort());
      }
    }
  });

  test.each<[string, Buffer]>([
    ['64-bit integers', Buffer.concat([head(7, 1, 'OV', 8), Buffer.alloc(8, 1)])],
    [
      'a sequence without a length',
      Buffer.concat([
        head(8, 1, 'SQ', ENDLESS),
        bare(0xfffe, 0xe000, nothing, ENDLESS),
        head(8, 5, 'CS', 2),
        Buffer.from('A '),
        itemEnd,
        sequenceEnd,
      ]),
    ],
    [
      'an unknown sequence without a length, implicit within',
      Buffer.concat([
        head(9, 1, 'UN', ENDLESS),
        bare(0xfffe, 0xe000, bare(8, 5, Buffer.from('AB'))),
        sequenceEnd,
      ]),
    ],
    ['an empty sequence', head(8, 1, 'SQ', 0)],
    [
      'an item without a length in a sequence with one',
      Buffer.concat([head(8, 1, 'SQ', 16), bare(0xfffe, 0xe000, nothing, ENDLESS), itemEnd]),
    ],
  ])('may have %s', async (_, element) => {
    const { volume } = await opened(withElement(element));
    expect(volume).toEqual((await opened(series())).volume);
  });

  test.each<[string, Buffer]>([
    [
      'a sequence without an end',
      Buffer.concat([head(8, 1, 'SQ', ENDLESS), bare(0xfffe, 0xe000, nothing, ENDLESS)]),
    ],
    [
      'an item longer than the file',
      Buffer.concat([head(8, 1, 'SQ', ENDLESS), bare(0xfffe, 0xe000, nothing, 1e6), sequenceEnd]),
    ],
    ['something else than items', Buffer.concat([head(8, 1, 'SQ', 8), bare(8, 5, nothing)])],
    ['an element longer than the file', head(8, 5, 'UN', 1e6)],
    ['an element without a representation', bare(8, 5, Buffer.from('AB'))],
  ])('may not have %s', async (_, element) => {
    expect(await messageOf(opened(withElement(element)))).toContain(
      'has 10 DICOM files that are cut off or damaged',
    );
  });
});
