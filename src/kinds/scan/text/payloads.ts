import type { FileType } from '../analysis/stage.ts';
import { detectType } from '../stages/type/detect-type.ts';
import { type Encoded, encodedRuns } from './encoded-runs.ts';
import { readText } from './read-text.ts';

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
    const found = await known(run);
    const one = found ?? (alsoData && run);
    if (!one) continue;
    const { type } = await typeOf(one.decode(SAMPLE));
    if (harmless.has(type) && ++kept > MAX_HARMLESS) continue;
    const bytes = one.decode();
    decoded += bytes.length;
    if (decoded > MAX_DECODED) return;
    yield { from: run.from, to: run.to, kind: one.kind, bytes, ...(await typeOf(bytes)) };
  }
}

/** The form of it that decodes to something: as it stands, or from its end, where scripts turn it round first. */
async function known(run: Encoded): Promise<Encoded | undefined> {
  for (const one of run.reversed ? [run, run.reversed] : [run]) {
    const sample = one.decode(SAMPLE);
    const { type } = await typeOf(sample);
    if (!chance.has(type) && (type !== 'text' || isPlainText(sample))) return one;
  }
  return undefined;
}

/** What bytes of no meaning may be taken for. */
const chance: ReadonlySet<FileType> = new Set(['empty', 'data', 'mp3']);

/** Bytes by chance often are text of some old character set. */
function isPlainText(sample: Buffer): boolean {
  const { text } = readText(sample);
  return sample.length >= MIN_TEXT && text.replaceAll(/[^\t\r\n\x20-\x7e]/g, '').length > 0.85 * text.length;
}

function typeOf(bytes: Buffer) {
  return detectType({ name: '', size: bytes.length, read: (from, to) => bytes.subarray(from, to) });
}
