import { latin1, utf16, viewOf } from '../../../documents/bytes.ts';

const WORD_MAGIC = [0xa5ec, 0xa5dc];

/** Whether the head of a `WordDocument` stream says that it is encrypted; null for what is no Word document. */
export function isEncryptedWord(stream: Uint8Array): boolean | null {
  if (stream.length < 12) return null;
  const view = viewOf(stream);
  if (!WORD_MAGIC.includes(view.getUint16(0, true))) return null;
  return (view.getUint16(10, true) & 0x0100) !== 0;
}

const LONGEST = 2000;
const MOST = 20_000;

/**
 * Instructions of fields in a binary document, whose text may be in one byte or two a character: what follows a mark of
 * begin, up to the next mark.
 */
export function* wordInstructions(stream: Uint8Array): Generator<{ instruction: string; offset: number }> {
  const readings = [
    { text: latin1(stream), width: 1, shift: 0 },
    { text: utf16(stream), width: 2, shift: 0 },
    { text: utf16(stream.subarray(1)), width: 2, shift: 1 },
  ];
  for (const { text, width, shift } of readings) {
    let seen = 0;
    for (let at = text.indexOf('\x13'); at >= 0 && seen < MOST; at = text.indexOf('\x13', at + 1), seen++) {
      yield { instruction: untilMark(text.slice(at + 1, at + 1 + LONGEST)), offset: at * width + shift };
    }
  }
}

/** Marks are the characters 0x13 (begin), 0x14 (separate) and 0x15 (end). */
function untilMark(text: string): string {
  const ends = ['\x13', '\x14', '\x15'].map((mark) => text.indexOf(mark)).filter((end) => end >= 0);
  return text.slice(0, Math.min(text.length, ...ends));
}
