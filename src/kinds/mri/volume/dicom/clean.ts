import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import yazl from 'yazl';
import type { ZipEntry } from '../archive/read-zip.ts';
import type { Refusals } from '../refusals.ts';
import { allowed, allowedOf, numberElement, Renamed } from './allowed.ts';
import { type Attribute, attributes as a } from './attributes.ts';
import type { Attributes } from './dataset.ts';
import { Unpacker } from './decode.ts';
import { EXPLICIT_LITTLE, type InstanceFacts, type Slice, slicesOf } from './instance.ts';
import { parsed } from './open.ts';
import { pixelProblem, type Reading, readFrames, signer } from './pixels.ts';
import { MR_CLASSES } from './stack.ts';
import { type Element, writeDicom } from './write-elements.ts';

const CT_IMAGE = '1.2.840.10008.5.1.4.1.1.2';

/** What the standard wants to be there, be it empty: accession, dates and times, referring physician, name, number and birthday. */
const empty: readonly Attribute[] = [
  { tag: 'x00080020', vr: 'DA' },
  { tag: 'x00080030', vr: 'TM' },
  { tag: 'x00080050', vr: 'SH' },
  { tag: 'x00080090', vr: 'PN' },
  { tag: 'x00100010', vr: 'PN' },
  { tag: 'x00100020', vr: 'LO' },
  { tag: 'x00100030', vr: 'DA' },
  { tag: 'x00200010', vr: 'SH' },
];

/**
 * The images of a ZIP with what is on the list, and nothing else: sequences that are not on it, private groups, overlays, and what packed pixels carry
 * beside their pixels. All identifiers are new, the same for the same. Pictures into which somebody may have written are without their pixels.
 * Files that are no DICOM images are left out.
 */
export async function* cleanDicom(
  files: readonly ZipEntry[],
  refusals: Refusals,
): AsyncGenerator<Uint8Array> {
  const zip = new yazl.ZipFile();
  const output = zip.outputStream as Readable;
  const filling = fill(zip, files, refusals).catch((error) => output.destroy(error));
  yield* output;
  await filling;
}

/** File by file, since each is packed before the next is opened. */
async function fill(zip: yazl.ZipFile, files: readonly ZipEntry[], refusals: Refusals): Promise<void> {
  const renamed = new Renamed();
  await using unpacker = new Unpacker(refusals);
  let kept = 0;
  for (const [n, file] of files.entries()) {
    const set = await parsed(file);
    if (set === 'damaged')
      throw refusals.unreadable('has a DICOM file that is cut off or damaged', 'Export the series again.');
    const bytes = set && (await cleaned(set, n, renamed, { refusals, unpacker }));
    if (!bytes) continue;
    kept++;
    const written = Promise.withResolvers<void>();
    const content = Readable.from([bytes], { objectMode: false }).on('close', written.resolve);
    zip.addReadStream(content, `${String(kept).padStart(5, '0')}.dcm`, {
      mtime: NO_TIME,
      forceDosTimestamp: true,
      size: bytes.length,
    });
    await written.promise;
  }
  if (kept === 0) {
    throw refusals.unsupported(
      'has no DICOM images in it',
      'Send a ZIP with the slices of one DICOM series, or a NIfTI volume.',
    );
  }
  zip.end();
}

/** The first that a ZIP can say, here. */
const NO_TIME = new Date(1980, 0, 1);

async function cleaned(
  set: Attributes,
  file: number,
  renamed: Renamed,
  reading: Reading,
): Promise<Buffer | null> {
  if (!set.value(a.rows)) return null;
  const { instance } = slicesOf(set, file)[0] as Slice;
  const pixels = await pixelsOf(set, instance, reading);
  const elements: Element[] = [
    ...empty.map((attribute) => ({ attribute, text: '' })),
    ...allowedOf(set, allowed, renamed),
    numberElement(a.highBit, [Math.max(0, instance.pixels.bitsStored - 1)]),
    ...(pixels ? [{ attribute: a.pixels, bytes: pixels }] : []),
  ];
  const text = (attribute: Attribute) =>
    elements.flatMap((element) =>
      'text' in element && element.attribute === attribute ? [element.text] : [],
    )[0];
  return writeDicom(elements, {
    sopClass: text(a.sopClass) ?? (MR_CLASSES[0] as string),
    sopInstance: text(a.sopInstance) ?? renamed.uid(randomUUID()),
    transferSyntax: EXPLICIT_LITTLE,
  });
}

/** Not packed, and with no bits but those that count. Null where text may be in them. */
async function pixelsOf(
  set: Attributes,
  instance: InstanceFacts,
  reading: Reading,
): Promise<Uint8Array | null> {
  const { pixels: format, sopClass, imageType, burnedIn } = instance;
  const isScan = [...MR_CLASSES, CT_IMAGE].includes(sopClass ?? (MR_CLASSES[0] as string));
  if (!isScan || imageType[0] === 'DERIVED' || burnedIn) return null;
  const problem = pixelProblem(format);
  if (problem)
    throw reading.refusals.unreadable(problem, 'Export the original series again, without compression.');
  const frames = await readFrames(
    set,
    format,
    Array.from({ length: format.frames }, (_, n) => n),
    reading,
  );
  const signed = signer(format);
  const bytes = Buffer.alloc(((format.rows * format.columns * format.bitsAllocated) / 8) * format.frames);
  let at = 0;
  for (const values of frames) {
    for (const value of values) {
      if (format.bitsAllocated === 8) at = bytes.writeUInt8(signed(value) & 0xff, at);
      else at = bytes.writeUInt16LE(signed(value) & 0xffff, at);
    }
  }
  return bytes;
}
