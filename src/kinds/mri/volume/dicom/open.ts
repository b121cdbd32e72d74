import type { ZipEntry } from '../archive/read-zip.ts';
import { ByteStream, type Bytes } from '../byte-stream.ts';
import { voxelSize } from '../geometry/affine.ts';
import { MOST_VOXEL_BYTES, type Refusals } from '../refusals.ts';
import type { Dimensions, Numbers, StoredVolume, VolumeFacts } from '../volume.ts';
import { attributes } from './attributes.ts';
import { Attributes } from './dataset.ts';
import { Unpacker } from './decode.ts';
import { type Slice, slicesOf } from './instance.ts';
import { DamagedDicom, isDicom, parseDicom } from './parse.ts';
import { bytesOfFrame, readFrames, signer } from './pixels.ts';
import { MR_CLASSES, type Placed, place, type Refused, type Stack, stacksOf } from './stack.ts';

export interface OpenedDicom {
  volume: StoredVolume;
  facts: VolumeFacts;
}

/** Reads the T1-weighted volume out of the files of one or more series. */
export async function readDicom(files: readonly ZipEntry[], refusals: Refusals): Promise<OpenedDicom> {
  const { slices, notices } = await survey(files, refusals);
  const stacks = stacksOf(slices).map((stack) => ({ stack, placed: place(stack) }));
  const usable = stacks.flatMap(({ placed }) => ('because' in placed ? [] : [placed])).sort(better);
  const [best] = usable;
  if (!best) throw refusedAll(stacks, refusals);
  const others = stacks.filter(({ placed }) => placed !== best);
  const volume = await volumeOf(best, files, refusals);
  return { volume, facts: factsOf(best, volume, [...notices, ...best.notices, ...chosenFrom(best, others)]) };
}

/** What all files say of themselves; their pixels are passed over. */
async function survey(
  files: readonly ZipEntry[],
  refusals: Refusals,
): Promise<{ slices: Slice[]; notices: string[] }> {
  const slices: Slice[] = [];
  let others = 0;
  let damaged = 0;
  for (const [n, file] of files.entries()) {
    const set = await parsed(file);
    if (set === 'damaged') damaged++;
    else if (set === null) others++;
    else if (set.value(attributes.rows)) slices.push(...slicesOf(set, n));
    // Reports, directories and presentation states have no pixels; an image that has none is cut off.
    else if (MR_CLASSES.includes(set.word(attributes.fileClass) ?? '')) damaged++;
  }
  if (damaged > 0) {
    throw refusals.unreadable(
      `has ${damaged} DICOM ${damaged === 1 ? 'file that is' : 'files that are'} cut off or damaged`,
      'Export the series again.',
    );
  }
  if (slices.length === 0) {
    throw refusals.unsupported(
      'has no DICOM images in it',
      'Send a ZIP with the slices of one DICOM series, or a NIfTI volume.',
    );
  }
  const notices = others > 0 ? [`${others} files of the ZIP are no DICOM files; they were passed over.`] : [];
  return { slices, notices };
}

/** Null for a file of another format. */
export async function parsed(file: Bytes): Promise<Attributes | 'damaged' | null> {
  const stream = new ByteStream(file.open());
  try {
    const beginning = await stream.read(132);
    if (!isDicom(beginning)) return null;
    stream.putBack(beginning);
    const bytes = await stream.read(file.size);
    // At its end a file in a ZIP is held against its sum.
    await stream.skip(1);
    return new Attributes(parseDicom(bytes, MOST_VOXEL_BYTES));
  } catch (error) {
    if (error instanceof DamagedDicom) return 'damaged';
    throw error;
  } finally {
    await stream.close();
  }
}

/** Which of two T1-weighted volumes is measured: see `rules`. */
function better(one: Placed, other: Placed): number {
  for (const { of } of rules) {
    const difference = of(one) - of(other);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** In this order; the lower value is taken. */
const rules: readonly { of: (stack: Placed) => number }[] = [
  // Known to be T1-weighted before what leaves it open.
  { of: ({ weighting }) => (weighting.isT1 ? 0 : 1) },
  // Without a contrast agent, which brightens vessels and membranes.
  { of: ({ slices }) => ['no', 'unknown', 'yes'].indexOf((slices[0] as Slice).instance.contrastAgent) },
  { of: ({ slices }) => ['3D', null, '2D'].indexOf((slices[0] as Slice).instance.acquisition) },
  // The voxel whose longest edge is shortest, to a tenth of a millimetre.
  { of: ({ affine }) => Math.round(Math.max(...voxelSize(affine)) * 10) },
  // The larger field of view.
  { of: (stack) => -Math.round(stack.slices.length * stack.spacing_mm) },
  { of: ({ slices }) => (slices[0] as Slice).instance.seriesNumber ?? 0 },
];

const RULES =
  'known T1 weighting, no contrast agent, 3-D acquisition, smallest voxels, largest field of view, lowest number, in this order';

function chosenFrom(best: Placed, others: readonly { stack: Stack; placed: Placed | Refused }[]): string[] {
  if (others.length === 0) return [];
  const list = others
    .slice(0, 20)
    .map(({ stack, placed }) =>
      'because' in placed ? `${nameOf(stack)} ${placed.because}` : `${nameOf(stack)} would do, too`,
    );
  return [
    `Of ${others.length + 1} series in the ZIP, ${nameOf(best)} was taken (${RULES}).`,
    `Not taken: ${list.join('; ')}${others.length > 20 ? '; and more' : ''}.`,
  ];
}

function nameOf({ slices }: Stack): string {
  const { instance } = slices[0] as Slice;
  const words = instance.words.length > 0 ? `${instance.words.join(' ')}, ` : '';
  return `series ${instance.seriesNumber ?? 'without a number'} (${words}${slices.length} slices)`;
}

function refusedAll(
  stacks: readonly { stack: Stack; placed: Placed | Refused }[],
  refusals: Refusals,
): Error {
  const refused = stacks.flatMap(({ stack, placed }) => ('because' in placed ? [{ stack, ...placed }] : []));
  const first = refused[0] as Refused;
  if (refused.length === 1) return refusals.unreadable(first.because, first.remedy);
  const list = refused.slice(0, 20).map(({ stack, because }) => `${nameOf(stack)} ${because}`);
  const remedies = new Set(refused.map(({ remedy }) => remedy));
  return refusals.unreadable(
    `has no T1-weighted volume: ${list.join('; ')}${refused.length > 20 ? '; and more' : ''}`,
    remedies.size === 1 ? first.remedy : 'Send a T1-weighted MRI of the head with all its slices.',
  );
}

async function volumeOf(
  stack: Placed,
  files: readonly ZipEntry[],
  refusals: Refusals,
): Promise<StoredVolume> {
  const { slices, affine } = stack;
  const [first] = slices as [Slice];
  const { pixels } = first.instance;
  const dimensions: Dimensions = [pixels.columns, pixels.rows, slices.length];
  const bytes = bytesOfFrame(pixels) * slices.length;
  const alike = slices.every(
    ({ slope, intercept, instance }) =>
      slope === first.slope &&
      intercept === first.intercept &&
      instance.pixels.signed === pixels.signed &&
      instance.pixels.bitsStored === pixels.bitsStored,
  );
  if (bytes * (alike ? 1 : 4) > MOST_VOXEL_BYTES) {
    throw refusals.tooLarge(
      `has ${dimensions.join(' × ')} voxels, which is too many`,
      'Send the series of the head alone.',
    );
  }
  const inSlice = pixels.columns * pixels.rows;
  const data: Numbers = alike
    ? pixels.signed
      ? new Int16Array(inSlice * slices.length)
      : new Uint16Array(inSlice * slices.length)
    : new Float32Array(inSlice * slices.length);
  await using unpacker = new Unpacker(refusals);
  const byFile = Map.groupBy(
    slices.map((slice, k) => ({ slice, k })),
    ({ slice }) => slice.instance.file,
  );
  for (const [file, inFile] of byFile) {
    const set = await parsed(files[file] as ZipEntry);
    if (!set || set === 'damaged') throw refusals.unreadable('changed while it was read', 'Send it again.');
    const format = (inFile[0] as (typeof inFile)[0]).slice.instance.pixels;
    const signed = signer(format);
    const frames = await readFrames(
      set,
      format,
      inFile.map(({ slice }) => slice.frame),
      { refusals, unpacker },
    );
    for (const [n, { slice, k }] of inFile.entries()) {
      const values = frames[n] as Uint16Array;
      const { slope, intercept } = alike ? { slope: 1, intercept: 0 } : slice;
      for (let at = 0; at < inSlice; at++)
        data[k * inSlice + at] = signed(values[at] as number) * slope + intercept;
    }
  }
  return { dimensions, affine, data, ...(alike ? scalingOf(first) : { slope: 1, intercept: 0 }) };
}

function scalingOf({ slope, intercept }: Slice): Pick<StoredVolume, 'slope' | 'intercept'> {
  return slope === 0 ? { slope: 1, intercept: 0 } : { slope, intercept };
}

function factsOf({ slices }: Placed, { affine }: StoredVolume, notices: readonly string[]): VolumeFacts {
  const [{ instance }] = slices as [Slice];
  return {
    format: 'dicom',
    sides: 'known',
    orientation_from: 'positions and orientation of the DICOM slices',
    voxel_mm: voxelSize(affine),
    sequence: sequenceOf(slices[0] as Slice),
    field_strength_t: instance.fieldStrength_t,
    contrast_agent: instance.contrastAgent,
    manufacturer: instance.manufacturer,
    model: instance.model,
    age_years: instance.age_years,
    sex: instance.sex,
    notices,
  };
}

/** In words, from the known ones of its name and from its timing. */
function sequenceOf({ instance, timing }: Slice): string | null {
  const value = (name: string, number: number | null, unit: string) =>
    number === null ? [] : [`${name} ${Number(number.toPrecision(4))}${unit}`];
  const parts = [
    ...(instance.words.length > 0 ? [instance.words.join(' ')] : []),
    ...(instance.acquisition ? [instance.acquisition] : []),
    ...(instance.scanning.length > 0 ? [instance.scanning.join('/')] : []),
    ...value('TR', timing.repetition_ms, ' ms'),
    ...value('TE', timing.echo_ms, ' ms'),
    ...value('TI', timing.inversion_ms, ' ms'),
    ...value('flip angle', timing.flip_deg, '°'),
  ];
  return parts.length > 0 ? parts.join(', ') : null;
}
