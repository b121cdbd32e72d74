import type { FileType } from '../analysis/stage.ts';
import { detectType } from '../stages/type/detect-type.ts';
import { type Encoded, encodedRuns } from './encoded-runs.ts';

/** Something that stands encoded in a text. */
export interface Payload {
  /** Indexes in the text. */
  from: number;
  to: number;
  /** How it is written, for people. */
  kind: string;
  type: FileType;
  mediaType: string;
  bytes: Buffer;
}

/** What is decoded of one text. A text of more is all but one payload, which is decoded. */
const MAX_DECODED = 128 * 1024 * 1024;
/** Pictures, fonts and words in pages: enough of them to see one that is not what it seems. */
const MAX_HARMLESS = 40;
/** Decoded and shorter, text says nothing that the encoded text would not. */
const MIN_TEXT = 48;

/** Beginnings are enough to tell what is worth decoding. */
const SAMPLE = 4096;

/** Pictures, sounds, fonts and plain words, which pages are full of. */
const harmless: ReadonlySet<FileType> = new Set([
  'text',
  'csv',
  'xml',
  ...(['jpeg', 'png', 'gif', 'bmp', 'tiff', 'webp', 'avif', 'heic', 'ico'] as const),
  ...(['mp4', 'matroska', 'avi', 'mp3', 'flac', 'wav', 'ogg', 'font', 'wasm', 'sqlite', 'psd'] as const),
]);

/** What in a text decodes to something. `data`, which may be chance or a key, is among it when it is asked for. */
export async function* payloadsIn(
  text: string,
  { alsoData = false }: { alsoData?: boolean } = {},
): AsyncGenerator<Payload> {
  let decoded = 0;
  let kept = 0;
  for (const run of encodedRuns(text)) {
    for (const one of forms(run)) {
      const sample = one.decode(SAMPLE);
      const { type } = await typeOf(sample);
      if (type === 'empty' || (type === 'data' && !(alsoData && one === run))) continue;
      if (type === 'text' && sample.length < MIN_TEXT) continue;
      if (harmless.has(type) && ++kept > MAX_HARMLESS) continue;
      const bytes = one.decode();
      decoded += bytes.length;
      if (decoded > MAX_DECODED) return;
      yield { from: run.from, to: run.to, kind: one.kind, bytes, ...(await typeOf(bytes)) };
      break;
    }
  }
}

/** As it stands; and from its end to its beginning, where scripts turn it round first. */
function* forms(run: Encoded): Generator<Encoded> {
  yield run;
  if (run.reversed) yield run.reversed;
}

function typeOf(bytes: Buffer) {
  return detectType({ name: '', size: bytes.length, read: (from, to) => bytes.subarray(from, to) });
}
