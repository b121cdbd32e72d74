import { readdirSync, readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as secondOpinion from 'nifti-reader-js';
import yazl from 'yazl';
import { DoubletakeError } from '../../../../src/domain/errors.ts';
import { determinant, matrixOf } from '../../../../src/kinds/mri/volume/geometry/affine.ts';
import { conform } from '../../../../src/kinds/mri/volume/geometry/conform.ts';
import { writeLabels } from '../../../../src/kinds/mri/volume/nifti/write.ts';
import { openScan } from '../../../../src/kinds/mri/volume/open-scan.ts';
import type { Affine, StoredVolume } from '../../../../src/kinds/mri/volume/volume.ts';
import { INT16, niftiFile } from '../../../support/mri/nifti-file.ts';
import { zipFile } from '../../../support/mri/zip-file.ts';

const folder = 'test/kinds/mri/fixtures/tricky';
const tricky = (name: string) => readFileSync(`${folder}/${name}`);
const opened = (name: string) => openScan(tricky(name), name);
const valuesOf = ({ data, slope, intercept }: StoredVolume) =>
  Array.from(data, (value) => value * slope + intercept);
const messageOf = (opening: Promise<unknown>) =>
  opening.then(
    () => 'It opens.',
    (error: DoubletakeError) => `${error.type}: ${error.message}`,
  );

const grid = {
  dimensions: [4, 5, 6] as const,
  affine: [
    [2, 0, 0, -3],
    [0, 2, 0, -4],
    [0, 0, 2, -5],
    [0, 0, 0, 1],
  ] as Affine,
};
const ramp = Int16Array.from({ length: 120 }, (_, n) => n * 3 - 50);
const ramps = (changes: Parameters<typeof niftiFile>[2] = {}) =>
  niftiFile({ ...grid, data: ramp }, INT16, changes);

describe('values', () => {
  test.each(['be.nii', 'n2.nii', 'float64.nii', '4d1.nii'])('%s has the values of its twin', async (name) => {
    const twin = await opened('slope_nan.nii');
    const { volume } = await opened(name);
    expect(valuesOf(volume)).toEqual(valuesOf(twin.volume));
    expect(volume.dimensions).toEqual([5, 6, 7]);
  });

  test.each([
    'be.nii',
    'n2.nii',
    'uint16.nii',
    'bigendian_float32.nii',
    'bigendian_int16_anatomical.nii',
    'float64.nii',
    'oblique.nii',
  ])('%s is read as nifti-reader-js reads it', async (name) => {
    const bytes = tricky(name);
    const buffer = new Uint8Array(bytes).buffer;
    const header = secondOpinion.readHeader(buffer);
    if (!header) throw new Error('It reads no header.');
    const image = new DataView(secondOpinion.readImage(header, buffer));
    const read: Record<number, (at: number) => number> = {
      4: (at) => image.getInt16(at, header.littleEndian),
      16: (at) => image.getFloat32(at, header.littleEndian),
      64: (at) => image.getFloat64(at, header.littleEndian),
      512: (at) => image.getUint16(at, header.littleEndian),
    };
    const value = read[header.datatypeCode] as (at: number) => number;
    const size = header.numBitsPerVoxel / 8;
    const { volume } = await opened(name);
    expect(Array.from(volume.data)).toEqual(
      Array.from({ length: volume.data.length }, (_, n) => value(n * size)),
    );
    for (const [r, row] of volume.affine.entries())
      for (const [c, entry] of row.entries()) expect(entry).toBeCloseTo(header.affine[r]?.[c] as number, 4);
  });

  test('the slope and the intercept are applied; without a number or 0, the slope is 1 and the intercept 0', async () => {
    const plain = valuesOf((await opened('slope_nan.nii')).volume);
    expect(valuesOf((await opened('slope_zero.nii')).volume)).toEqual(plain);
    expect(valuesOf((await opened('slope.nii')).volume)).toEqual(plain.map((value) => value * 0.5 - 100));
    const noIntercept = await openScan(ramps({ slope: 2, intercept: Number.NaN }), 'a.nii');
    expect(valuesOf(noIntercept.volume)).toEqual(Array.from(ramp, (value) => value * 2));
  });

  test.each([
    [2, Uint8Array],
    [256, Int8Array],
    [4, Int16Array],
    [512, Uint16Array],
    [8, Int32Array],
    [768, Uint32Array],
    [16, Float32Array],
    [64, Float64Array],
    [1024, BigInt64Array],
    [1280, BigUint64Array],
  ] as const)('type %i is read in both byte orders', async (datatype, List) => {
    const values = Array.from({ length: 120 }, (_, n) => n + 1);
    const data = (List as { from(values: unknown[]): ArrayLike<unknown> }).from(
      List === BigInt64Array || List === BigUint64Array ? values.map(BigInt) : values,
    ) as Uint8Array;
    for (const littleEndian of [true, false]) {
      const bytes = new Uint8Array(data.buffer.slice(0));
      const buffer = Buffer.from(bytes.buffer);
      const size = bytes.length / 120;
      if (!littleEndian && size === 2) buffer.swap16();
      if (!littleEndian && size === 4) buffer.swap32();
      if (!littleEndian && size === 8) buffer.swap64();
      const file = niftiFile({ ...grid, data: bytes }, datatype, { littleEndian });
      for (const [name, packed] of [
        ['a.nii', file],
        ['a.nii.gz', gzipSync(file)],
      ] as const) {
        const { volume } = await openScan(packed, name);
        expect(Array.from(volume.data)).toEqual(values);
      }
    }
  });

  test('voxels without a number are background', async () => {
    const { volume } = await opened('nan.nii');
    const holes = valuesOf(volume).filter((value) => !Number.isFinite(value)).length;
    expect(holes).toBeGreaterThan(0);
    const conformed = conform(volume).volume.data;
    expect(conformed.every(Number.isFinite)).toBe(true);
  });

  test('lengths in micrometres and in metres are told in millimetres', async () => {
    const micro = { units: 3, srow: grid.affine.slice(0, 3).map((row) => row.map((v) => v * 1000)) as never };
    const pixdim = [1, 2000, 2000, 2000, 0, 0, 0, 0];
    const { facts, volume } = await openScan(ramps({ ...micro, pixdim }), 'a.nii');
    for (const mm of facts.voxel_mm) expect(mm).toBeCloseTo(2, 5);
    expect(volume.affine[0]?.[3]).toBeCloseTo(-3, 5);
  });
});

describe('orientation', () => {
  const mirrored = [
    [-2, 0, 0, 3],
    [0, 2, 0, -4],
    [0, 0, 2, -5],
  ] as const;
  test.each([
    { sformCode: 1, qformCode: 0, uses: 'sform' },
    { sformCode: 2, qformCode: 1, uses: 'sform' },
    { sformCode: 1, qformCode: 1, uses: 'sform' },
    { sformCode: 1, qformCode: 2, uses: 'qform' },
    { sformCode: 0, qformCode: 1, uses: 'qform' },
    { sformCode: -1, qformCode: 3, uses: 'qform' },
  ])('sform code $sformCode and qform code $qformCode: the $uses', async ({ uses, ...codes }) => {
    const { volume, facts } = await openScan(ramps({ ...codes, srow: mirrored }), 'a.nii');
    expect(Math.sign(volume.affine[0]?.[0] as number)).toBe(uses === 'sform' ? -1 : 1);
    expect(facts.orientation_from).toContain(`${uses} (`);
    const both = codes.sformCode > 0 && codes.qformCode > 0;
    expect(facts.sides).toBe(both ? 'uncertain' : 'known');
  });

  test('both that agree are certain; turned by half a turn they are not, though their handedness is the same', async () => {
    const agree = await openScan(ramps({ qformCode: 1, sformCode: 1 }), 'a.nii');
    expect(agree.facts.sides).toBe('known');
    const half = [
      [-2, 0, 0, 3],
      [0, -2, 0, 4],
      [0, 0, 2, -5],
    ] as const;
    const turned = await openScan(ramps({ qformCode: 1, sformCode: 1, srow: half }), 'a.nii');
    expect(turned.facts.sides).toBe('uncertain');
    const file = await opened('q_s_disagree_LR.nii');
    expect(file.facts).toMatchObject({ sides: 'uncertain' });
    expect(file.facts.notices.join()).toContain('disagree about which side is left');
  });

  test('without a code the sides are unknown', async () => {
    expect((await opened('nocodes.nii')).facts.sides).toBe('unknown');
  });

  test('a quaternion that is not normalised is a rotation', async () => {
    const { volume } = await opened('quat_unnormed.nii');
    const sizes = matrixOf(volume.affine).flat();
    expect(sizes.every(Number.isFinite)).toBe(true);
    expect(Math.abs(determinant(matrixOf(volume.affine)))).toBeCloseTo(2 * 3 * 4, 4);
    for (const of of [
      [0.9, 0.9, 0.9],
      [5, 0, 0],
      [0.6, 0.6, 0.6],
    ] as const) {
      const turned = await openScan(ramps({ sformCode: 0, qformCode: 1, quaternion: of }), 'a.nii');
      expect(determinant(matrixOf(turned.volume.affine))).toBeCloseTo(8, 3);
    }
  });

  test('a negative voxel size is its absolute value', async () => {
    const { facts } = await opened('neg_pixdim.nii');
    expect(facts.voxel_mm).toEqual([2, 3, 4]);
    const pixdim = [1, -2, 2, -2, 0, 0, 0, 0];
    const { volume } = await openScan(ramps({ sformCode: 0, qformCode: 1, pixdim }), 'a.nii');
    expect(volume.affine[0]?.[0]).toBeCloseTo(2, 5);
    expect(volume.affine[2]?.[2]).toBeCloseTo(2, 5);
  });

  test('a sheared and an oblique grid say so', async () => {
    expect((await opened('shear.nii')).facts.notices.join()).toContain('not at right angles');
    expect((await opened('oblique.nii')).facts.notices.join()).toContain('oblique');
  });

  const row = (...values: number[]) => values as unknown as readonly [number, number, number, number];
  test.each([
    ['zero', [row(0, 0, 0, 0), row(0, 0, 0, 0), row(0, 0, 0, 0)]],
    ['no number', [row(Number.NaN, 0, 0, 0), row(0, 1, 0, 0), row(0, 0, 1, 0)]],
    ['infinite', [row(1, 0, 0, Number.POSITIVE_INFINITY), row(0, 1, 0, 0), row(0, 0, 1, 0)]],
    ['flat', [row(1, 0, 1, 0), row(0, 1, 0, 0), row(0, 0, 0, 0)]],
  ])('an sform that is %s is refused', async (_, srow) => {
    expect(await messageOf(openScan(ramps({ srow }), 'a.nii'))).toContain(
      'UnreadableMedia: a.nii has an orientation that is none',
    );
  });

  test('a voxel size of 0 is refused where it is needed', async () => {
    const pixdim = [1, 0, 2, 2, 0, 0, 0, 0];
    expect(await messageOf(openScan(ramps({ sformCode: 0, qformCode: 1, pixdim }), 'a.nii'))).toContain(
      'has no voxel size',
    );
  });
});

describe('what is refused', () => {
  test.each([
    ['4d.nii', 'UnreadableMedia: 4d.nii holds 3 volumes, and one is expected.'],
    ['4d_slope.nii', 'holds 20 volumes'],
    ['oblique_4d.nii.gz', 'holds 2 volumes'],
    ['rgb24.nii', 'UnsupportedMedia: rgb24.nii holds RGB colours'],
    ['cplx.nii', 'UnsupportedMedia: cplx.nii holds complex numbers'],
    ['huge_dims.nii', 'TooLarge: huge_dims.nii has 30000 × 30000 × 30000 voxels of int16, 50291.4 GiB'],
    [
      'trunc.nii',
      'UnreadableMedia: trunc.nii is cut off: its header promises 840 bytes of voxels, and at most 28 are there.',
    ],
    ['trunc.nii.gz', 'UnreadableMedia: trunc.nii.gz is cut off'],
    [
      'pair.hdr',
      'UnreadableMedia: pair.hdr is the header of a NIfTI pair, and its voxels (.img) are missing.',
    ],
    ['pair.img', 'UnsupportedMedia: pair.img is no NIfTI file.'],
  ])('%s', async (name, message) => {
    expect(await messageOf(opened(name))).toContain(message);
  });

  test('whatever the fixture, it opens or says what is wrong', async () => {
    for (const name of readdirSync(folder)) {
      const message = await messageOf(opened(name));
      if (message !== 'It opens.')
        expect(message).toContain(
          `Media: ${name} `.replace('Media', message.startsWith('TooLarge') ? 'TooLarge' : 'Media'),
        );
    }
  });

  test.each([
    ['a picture', { dim: [2, 4, 30, 1, 1, 1, 1, 1] }, 'is a picture of 4 × 30, not a volume'],
    ['a single slice', { dim: [3, 4, 30, 1, 1, 1, 1, 1] }, 'not a volume'],
    ['a dimension below 1', { dim: [3, 4, -5, 6, 1, 1, 1, 1] }, 'has impossible dimensions'],
    ['eight dimensions', { dim: [8, 4, 5, 6, 1, 1, 1, 1] }, 'has impossible dimensions'],
    ['an unknown type', { datatype: 77 }, 'has voxels of a type (77)'],
    ['bits', { datatype: 1 }, 'holds bits'],
    ['RGBA', { datatype: 2304 }, 'holds RGBA colours'],
    ['float128', { datatype: 1536 }, 'holds float128'],
    [
      'a field of view of metres',
      {
        srow: [
          [900, 0, 0, 0],
          [0, 900, 0, 0],
          [0, 0, 900, 0],
        ] as const,
      },
      'TooLarge',
    ],
  ])('%s', async (_, changes, message) => {
    expect(await messageOf(openScan(ramps(changes), 'a.nii'))).toContain(message);
  });

  test('a CT scan, by its Hounsfield units', async () => {
    const units = Int16Array.from({ length: 120 }, (_, n) =>
      n % 3 === 0 ? -1000 : n % 3 === 1 ? 30 + (n % 20) : 700,
    );
    const said = await messageOf(openScan(niftiFile({ ...grid, data: units }, INT16), 'a.nii'));
    expect(said).toContain('UnreadableMedia: a.nii is a CT scan, not an MRI');
  });

  test('voxels that begin in the header, or nowhere', async () => {
    for (const offset of [12, Number.NaN, -352, 1e30]) {
      const file = ramps();
      file.writeFloatLE(offset, 108);
      expect(await messageOf(openScan(file, 'a.nii'))).toMatch(/its voxels begin at byte|is cut off/);
    }
  });

  test('an Analyze file, an empty file, a text, a picture', async () => {
    const analyze = ramps();
    analyze.fill(0, 344, 348);
    expect(await messageOf(openScan(analyze, 'a.hdr'))).toContain('is an Analyze 7.5 file');
    for (const bytes of [Buffer.alloc(0), Buffer.from('hello'), gzipSync('hello'), Buffer.alloc(1000)]) {
      expect(await messageOf(openScan(bytes, 'a.nii'))).toContain('UnsupportedMedia: a.nii is no NIfTI file');
    }
  });

  test('a file cut off anywhere, packed or not', async () => {
    const file = ramps();
    const packed = gzipSync(file);
    for (let n = 4; n < file.length; n += 7)
      expect(await messageOf(openScan(file.subarray(0, n), 'a.nii'))).toMatch(
        /a.nii (is cut off|ends within its header)/,
      );
    for (let n = 20; n < packed.length; n += 7)
      expect(await messageOf(openScan(packed.subarray(0, n), 'a.nii.gz'))).toMatch(
        /a.nii.gz (is cut off|ends within|is damaged|is no NIfTI)/,
      );
  });

  test('a packed file of which a byte changed on the way', async () => {
    const packed = gzipSync(ramps());
    packed[packed.length - 6] = (packed.at(-6) as number) ^ 1;
    expect(await messageOf(openScan(packed, 'a.nii.gz'))).toContain('a.nii.gz is damaged');
  });

  test('a promise that no file of that size can keep, before it is given memory', async () => {
    const promise = { dim: [3, 1000, 1000, 500, 1, 1, 1, 1] };
    const before = process.memoryUsage().arrayBuffers;
    for (const bytes of [ramps(promise), gzipSync(ramps(promise))]) {
      expect(await messageOf(openScan(bytes, 'a.nii'))).toContain(
        'is cut off: its header promises 1000000000 bytes',
      );
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50e6);
  });

  test('of a gzip that unpacks to far more than its volume, no more than that is unpacked', async () => {
    const bomb = gzipSync(Buffer.concat([ramps(), Buffer.alloc(300 * 1024 ** 2)]));
    const before = process.memoryUsage().rss;
    const { volume } = await openScan(bomb, 'a.nii.gz');
    expect(Array.from(volume.data)).toEqual(Array.from(ramp));
    expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
  });
});

describe('a ZIP', () => {
  test('with a pair is one volume, in either case of letters and packed', async () => {
    const [header, image] = [tricky('pair.hdr'), tricky('pair.img')];
    const expected = valuesOf((await opened('slope_nan.nii')).volume);
    const ways: Record<string, Uint8Array>[] = [
      { 'scan/a.hdr': header, 'scan/a.img': image },
      { 'A.HDR': header, 'A.IMG': image },
      {
        'a.hdr': header,
        'a.img.gz': gzipSync(image),
        '__MACOSX/._a.hdr': Buffer.from('x'),
        '.DS_Store': Buffer.from('x'),
      },
    ];
    for (const files of ways) {
      const { volume } = await openScan(await zipFile(files), 'pair.zip');
      expect(valuesOf(volume)).toEqual(expected);
    }
  });

  test('of which a byte changed on the way is refused', async () => {
    const zip = new yazl.ZipFile();
    zip.addBuffer(ramps(), 'a.nii', { compress: false });
    zip.end();
    const bytes = await buffer(zip.outputStream);
    const at = bytes.indexOf(Buffer.from('n+1')) + 30;
    bytes[at] = (bytes[at] as number) ^ 1;
    expect(await messageOf(openScan(bytes, 'a.zip'))).toContain('a.zip is a ZIP that is cut off or damaged');
  });

  test('with half a pair, with two volumes, with none, cut off', async () => {
    const zip = async (files: Record<string, Uint8Array>) =>
      messageOf(openScan(await zipFile(files), 'a.zip'));
    expect(await zip({ 'a.hdr': tricky('pair.hdr') })).toContain('its voxels (.img) are missing');
    expect(await zip({ 'a.hdr': tricky('pair.hdr'), 'b.img': tricky('pair.img') })).toContain(
      'its voxels (.img) are missing',
    );
    expect(
      await zip({ 'a.hdr': tricky('pair.hdr'), 'a.img': tricky('pair.img').subarray(0, 100) }),
    ).toContain('is cut off');
    expect(await zip({ 'a.nii': ramps(), 'b.nii.gz': ramps() })).toContain('holds 2 NIfTI volumes');
    expect(await zip({ 'a.nii': ramps(), 'readme.txt': ramps() })).toBe('It opens.');
    expect(await zip({ 'readme.txt': Buffer.from('hello') })).toContain('has no DICOM images in it');
    const whole = await zipFile({ 'name-of-a-person.nii': ramps() });
    for (const bytes of [
      whole.subarray(0, whole.length - 30),
      Buffer.concat([whole.subarray(0, 60), Buffer.alloc(20), whole.subarray(80)]),
    ]) {
      const message = await messageOf(openScan(bytes, 'a.zip'));
      expect(message).toMatch(/^UnreadableMedia: a.zip is a ZIP that is cut off or damaged/);
      expect(message).not.toContain('person');
    }
  });
});

test('a header changed anywhere opens as what it says, or is refused by name', async () => {
  const file = ramps();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      async (changes, packed) => {
        const changed = Buffer.from(file);
        for (const [at, byte] of changes) changed[at] = byte;
        try {
          const { volume, header } = await openScan(packed ? gzipSync(changed) : changed, 'a.nii');
          const [nx, ny, nz] = volume.dimensions;
          expect(volume.data.length).toBe(nx * ny * nz);
          expect(volume.data.byteLength).toBeLessThanOrEqual(file.length);
          expect(writeLabels(new Uint8Array(nx * ny * nz), header).length).toBeGreaterThan(0);
        } catch (error) {
          if (!(error instanceof DoubletakeError)) throw error;
          expect(error.message).toMatch(/^a\.nii /);
        }
      },
    ),
    { numRuns: 400 },
  );
});

describe('labels', () => {
  const labels = Uint8Array.from({ length: 120 }, (_, n) => n % 4);

  test('have the shape, the orientations and the codes of the original, and are the same bytes each time', async () => {
    for (const changes of [
      { qformCode: 2, sformCode: 3, pixdim: [-1, 2, 2, 2, 0, 0, 0, 0] },
      { qformCode: 0, sformCode: 0 },
      { version: 2 as const, qformCode: 1, sformCode: 0 },
      { dim: [4, 4, 5, 6, 1, 1, 1, 1] },
      { littleEndian: false, data: 0 },
    ]) {
      const file = ramps(changes);
      if (changes.littleEndian === false) file.subarray(352).swap16();
      const { header, volume } = await openScan(file, 'a.nii');
      const packed = writeLabels(labels, header);
      expect(Buffer.compare(packed, writeLabels(labels, header))).toBe(0);
      expect([...packed.subarray(3, 10)]).toEqual([0, 0, 0, 0, 0, 0, 255]);
      const again = await openScan(packed, 'labels.nii.gz');
      expect(again.volume.affine).toEqual(volume.affine);
      expect(Array.from(again.volume.data)).toEqual(Array.from(labels));
      const { datatype, slope, intercept, voxOffset, littleEndian, ...rest } = again.header;
      expect([datatype, slope, intercept, littleEndian]).toEqual([2, 1, 0, true]);
      expect(voxOffset).toBe(header.version === 1 ? 352 : 544);
      expect(rest).toEqual({
        ...rest,
        dim: header.dim,
        qformCode: header.qformCode,
        sformCode: header.sformCode,
        version: header.version,
      });
      const second = secondOpinion.readHeader(new Uint8Array(gunzipSync(packed)).buffer);
      expect(second?.dims.slice(0, 4)).toEqual([...header.dim.slice(0, 4)]);
      expect([second?.qform_code, second?.sform_code]).toEqual([header.qformCode, header.sformCode]);
    }
  });
});
