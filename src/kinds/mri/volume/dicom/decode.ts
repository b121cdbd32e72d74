import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { bytesOf } from '../byte-stream.ts';
import { readNifti } from '../nifti/read.ts';
import type { Refusals } from '../refusals.ts';
import { attributes as a } from './attributes.ts';
import type { Decoded } from './decode-thread.ts';
import type { PixelFormat } from './instance.ts';
import { type Element, encapsulated, writeDicom } from './write-elements.ts';

const MR_IMAGE = '1.2.840.10008.5.1.4.1.1.4';
/** What the converter unpacks, by the last part of the UID below `1.2.840.10008.1.2.`. */
const packed: Readonly<Record<string, string>> = {
  '4.50': 'JPEG',
  '4.51': 'JPEG, 12 bits',
  '4.57': 'JPEG lossless',
  '4.70': 'JPEG lossless',
  '4.80': 'JPEG-LS',
  '4.81': 'JPEG-LS',
  '4.90': 'JPEG 2000',
  '4.91': 'JPEG 2000',
  '5': 'RLE',
};

export function isUnpackable(transferSyntax: string): boolean {
  return transferSyntax.replace(/^1\.2\.840\.10008\.1\.2\./, '') in packed;
}

/** As many as keep the converter's memory, which is all it has at once, below some 100 MB. */
const PIXELS_AT_ONCE = 8 * 1024 ** 2;

/**
 * Unpacks frames by dcm2niix, which knows all of DICOM's ways to pack. It is shown nothing but the packed pixels: each frame as a slice
 * of a made-up series, so that positions, rescaling and order are ours. In a thread of its own, which is there from the first packed file on.
 */
export class Unpacker implements AsyncDisposable {
  readonly #refusals: Refusals;
  #thread: Worker | null = null;

  constructor(refusals: Refusals) {
    this.#refusals = refusals;
  }

  /** For each frame, the bits that are stored. */
  async unpack(frames: readonly Uint8Array[], format: PixelFormat): Promise<Uint16Array[]> {
    const atOnce = Math.max(2, Math.floor(PIXELS_AT_ONCE / (format.rows * format.columns)));
    const values: Uint16Array[] = [];
    for (let n = 0; n < frames.length; n += atOnce) {
      values.push(...(await this.#unpackSome(frames.slice(n, n + atOnce), format)));
    }
    return values;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#thread?.terminate();
  }

  async #unpackSome(frames: readonly Uint8Array[], format: PixelFormat): Promise<Uint16Array[]> {
    const failed = () =>
      this.#refusals.unreadable(
        'has packed pixels that cannot be unpacked',
        'Export the series without compression.',
      );
    // One slice alone would not be a volume to the reader of what comes out.
    const padded = frames.length === 1 ? [...frames, frames[0] as Uint8Array] : frames;
    const nifti = await this.#convert(padded.map((frame, n) => sliceFile(frame, n, format)));
    if (nifti === null) throw failed();
    const { volume } = await readNifti({ file: bytesOf(nifti) }, this.#refusals).catch(() => {
      throw failed();
    });
    const [columns, rows, slices] = volume.dimensions;
    const sound = columns === format.columns && rows === format.rows && slices === padded.length;
    if (!sound || volume.slope !== 1 || volume.intercept !== 0) throw failed();
    return frames.map((_, n) => upright(volume.data, n, format));
  }

  /** Resolves to null where nothing came of it, whatever happened there. */
  #convert(files: readonly Uint8Array[]): Promise<Uint8Array | null> {
    const own = extname(fileURLToPath(import.meta.url));
    const options = { stdout: true, stderr: true };
    this.#thread ??= new Worker(new URL(`./decode-thread${own}`, import.meta.url), options);
    const thread = this.#thread;
    const { promise, resolve } = Promise.withResolvers<Uint8Array | null>();
    const answered = ({ nifti }: Decoded) => resolve(nifti);
    const lost = () => {
      this.#thread = null;
      resolve(null);
    };
    thread.once('message', answered).once('error', lost).once('exit', lost);
    thread.postMessage(files);
    return promise.finally(() => thread.off('message', answered).off('error', lost).off('exit', lost));
  }
}

/** NIfTI counts rows from below. */
function upright(data: ArrayLike<number>, slice: number, { rows, columns }: PixelFormat): Uint16Array {
  const values = new Uint16Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const from = (slice * rows + (rows - 1 - row)) * columns;
    for (let column = 0; column < columns; column++)
      values[row * columns + column] = data[from + column] as number;
  }
  return values;
}

function sliceFile(frame: Uint8Array, n: number, format: PixelFormat): Uint8Array {
  const uid = (last: number) => `2.25.1.${last}`;
  const short = (value: number) => Uint8Array.of(value & 255, value >> 8);
  const elements: Element[] = [
    { attribute: a.imageType, text: 'ORIGINAL\\PRIMARY\\M' },
    { attribute: a.sopClass, text: MR_IMAGE },
    { attribute: a.sopInstance, text: uid(n + 3) },
    { attribute: a.modality, text: 'MR' },
    { attribute: a.sliceThickness, text: '1' },
    { attribute: a.study, text: uid(1) },
    { attribute: a.series, text: uid(2) },
    { attribute: a.seriesNumber, text: '1' },
    { attribute: a.instanceNumber, text: String(n + 1) },
    { attribute: a.position, text: `0\\0\\${n}` },
    { attribute: a.orientation, text: '1\\0\\0\\0\\1\\0' },
    { attribute: a.samplesPerPixel, bytes: short(1) },
    { attribute: a.photometric, text: 'MONOCHROME2' },
    { attribute: a.rows, bytes: short(format.rows) },
    { attribute: a.columns, bytes: short(format.columns) },
    { attribute: a.pixelSpacing, text: '1\\1' },
    { attribute: a.bitsAllocated, bytes: short(format.bitsAllocated) },
    { attribute: a.bitsStored, bytes: short(format.bitsStored) },
    { attribute: a.highBit, bytes: short(format.bitsStored - 1) },
    { attribute: a.pixelRepresentation, bytes: short(0) },
  ];
  const ids = { sopClass: MR_IMAGE, sopInstance: uid(n + 3), transferSyntax: format.transferSyntax };
  return Buffer.concat([writeDicom(elements, ids), encapsulated([frame])]);
}
