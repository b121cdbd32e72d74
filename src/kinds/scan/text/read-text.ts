import { utf16 } from '../documents/bytes.ts';

/** Text out of bytes, with the way back: where in the bytes an index of the text lies. */
export interface ReadText {
  /**
   * One character a byte (or two, of UTF-16), so that an index is an offset. What is beyond ASCII in UTF-8 reads
   * as Latin-1; patterns are ASCII, and {@link ReadText.quote} reads it properly.
   */
  text: string;
  encoding: 'utf-8' | 'utf-16le' | 'utf-16be';
  offsetOf(index: number): number;
  /** A part of it as people should see it. */
  quote(from: number, to: number): string;
}

/** Of so many bytes, UTF-16 without a mark is told from other text. */
const SAMPLE = 512;
/** Of a hundred bytes of text, so many may be control characters: some tools write form feeds and escapes. */
const MAX_CONTROL_SHARE = 0.02;

/** Reads bytes as text, whatever they are: see {@link isText} for whether they are some. */
export function readText(bytes: Uint8Array): ReadText {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const wide = wideEncoding(bytes);
  if (wide) {
    const start = hasWideMark(bytes) ? 2 : 0;
    const even = buffer.subarray(start, start + Math.floor((buffer.length - start) / 2) * 2);
    const text = wide === 'utf-16le' ? utf16(even) : utf16(Buffer.from(even).swap16());
    return {
      text,
      encoding: wide,
      offsetOf: (index) => start + 2 * index,
      quote: (from, to) => text.slice(from, to),
    };
  }
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  return {
    text: buffer.toString('latin1', start),
    encoding: 'utf-8',
    offsetOf: (index) => start + index,
    quote: (from, to) => buffer.toString('utf8', start + from, Math.min(start + to, buffer.length)),
  };
}

/** Whether bytes, the beginning of a file, look like text for people or for an interpreter. */
export function isText(head: Uint8Array): boolean {
  if (head.length === 0) return false;
  if (wideEncoding(head)) {
    const { text } = readText(head);
    return controlShare(text) <= MAX_CONTROL_SHARE;
  }
  let control = 0;
  for (const byte of head) {
    if (byte === 0) return false;
    if (isControl(byte)) control++;
  }
  return control / head.length <= MAX_CONTROL_SHARE;
}

function isControl(code: number): boolean {
  return (code < 0x20 && code !== 9 && code !== 10 && code !== 13 && code !== 12) || code === 0x7f;
}

function controlShare(text: string): number {
  let control = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (isControl(code) || code === 0xfffe || code === 0xffff) control++;
  }
  return control / text.length;
}

function hasWideMark(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

/** UTF-16 by its mark, or by every second byte being zero, as it is where most characters are ASCII. */
function wideEncoding(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const pairs = Math.floor(Math.min(bytes.length, SAMPLE) / 2);
  if (pairs < 4) return undefined;
  let low = 0;
  let high = 0;
  for (let pair = 0; pair < pairs; pair++) {
    const [first, second] = [bytes[2 * pair] as number, bytes[2 * pair + 1] as number];
    if (second === 0 && isPlain(first)) low++;
    if (first === 0 && isPlain(second)) high++;
  }
  if (low > 0.9 * pairs) return 'utf-16le';
  if (high > 0.9 * pairs) return 'utf-16be';
  return undefined;
}

function isPlain(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10 || byte === 13;
}
