import { bufferOf, latin1 } from '../bytes.ts';
import { isBlank, PdfSyntax } from './syntax.ts';
import { PdfDict } from './values.ts';
import { MOST_OBJECTS, type Xref } from './xref.ts';

/**
 * Finds objects without a cross-reference table, by `number generation obj`, the last one of a number last.
 * @param skip reads the object that begins at a place, and says where it ends, so that nothing within a stream is found
 */
export function rebuildXref(bytes: Uint8Array, base: number, skip: (offset: number) => number): Xref {
  const buffer = bufferOf(bytes);
  const xref: Xref = { entries: new Map(), trailers: [], damaged: true };
  // Objects that never end would each be read to the end of the file.
  let left = 4 * bytes.length + 1_000_000;
  for (let at = buffer.indexOf('obj'); at >= 0 && left > 0; ) {
    const head = headBefore(bytes, at);
    let end = at + 3;
    if (head && xref.entries.size < MOST_OBJECTS) {
      xref.entries.set(head.number, {
        kind: 'file',
        offset: head.offset - base,
        generation: head.generation,
      });
      const read = skip(head.offset);
      left -= read - head.offset;
      // What follows in the middle of an object that isn't closed is looked at as well.
      end = Math.max(end, read);
    }
    at = buffer.indexOf('obj', end);
  }
  xref.trailers = trailers(bytes, buffer);
  return xref;
}

function headBefore(
  bytes: Uint8Array,
  obj: number,
): { number: number; generation: number; offset: number } | null {
  const from = Math.max(0, obj - 24);
  const before = latin1(bytes.subarray(from, obj));
  const found = /(?:^|[^\d])(\d{1,10})\s{1,4}(\d{1,5})\s{0,4}$/.exec(before);
  if (!found) return null;
  const number = found[1] as string;
  const offset = from + found.index + found[0].indexOf(number);
  const after = bytes[obj + 3];
  if (
    after !== undefined &&
    !isBlank(after) &&
    !'<[(/%'.includes(String.fromCharCode(after)) &&
    !isDigit(after)
  )
    return null;
  return { number: Number(number), generation: Number(found[2]), offset };
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function trailers(bytes: Uint8Array, buffer: Buffer): PdfDict[] {
  const found: PdfDict[] = [];
  for (
    let at = buffer.lastIndexOf('trailer');
    at >= 0 && found.length < 100;
    at = at > 0 ? buffer.lastIndexOf('trailer', at - 1) : -1
  ) {
    const dict = new PdfSyntax(bytes, at + 7).value();
    if (dict instanceof PdfDict) found.push(dict);
  }
  return found;
}
