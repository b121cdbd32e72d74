import { utf16, viewOf, zeroTerminated } from './bytes.ts';

/** A file within a document, as the Object Packager of Windows writes it. */
export interface OlePackage {
  /** What is shown under the icon. */
  label: string;
  /** Where the file came from. */
  source: string;
  /** Where it is written to before it is opened. */
  target: string;
  data: Uint8Array;
  /** There were fewer bytes than it says. */
  cutOff: boolean;
}

const LONGEST_NAME = 4096;
const LONGEST_HEADER = 65_536;

/**
 * Reads a package as it stands in RTF's `\objdata`; in a stream `\x01Ole10Native` its length stands before it.
 * @returns null where it is none: such a stream may hold the bytes of any old object
 */
export function readOlePackage(bytes: Uint8Array): OlePackage | null {
  const view = viewOf(bytes);
  // 2 for an embedded file; those who hide write other numbers, which is why nothing but the shape counts.
  let at = 2;
  const text = (limit: number) => {
    const found = zeroTerminated(bytes, at, limit);
    if (found !== null) at += found.length + 1;
    return found;
  };
  const number = (size: 2 | 4) => {
    if (at + size > bytes.length) return null;
    const found = size === 2 ? view.getUint16(at, true) : view.getUint32(at, true);
    at += size;
    return found;
  };
  const label = text(LONGEST_NAME);
  const source = label === null ? null : text(LONGEST_NAME);
  if (label === null || source === null || isBinary(label) || isBinary(source)) return null;
  number(2);
  number(2);
  const targetLength = number(4);
  if (targetLength === null || targetLength > LONGEST_HEADER) return null;
  const targetAt = at;
  const target = zeroTerminated(bytes, targetAt, LONGEST_NAME) ?? '';
  at = targetAt + targetLength;
  const size = number(4);
  if (size === null) return null;
  const data = bytes.subarray(at, at + size);
  const names = unicodeNames(bytes, at + size);
  return {
    label: names?.label || label,
    source: names?.source || source,
    target: names?.target || target,
    data,
    cutOff: data.length < size,
  };
}

/** The contents of a stream `\x01Ole10Native`: a package, or where it is none, the bytes as they are. */
export function readOle10Native(stream: Uint8Array): OlePackage {
  const found = stream.length >= 4 ? readOlePackage(stream.subarray(4)) : null;
  return found ?? { label: '', source: '', target: '', data: stream.subarray(4), cutOff: false };
}

/** The last part of the most telling of its names, whichever slash divides it. */
export function packageName({ label, source, target }: OlePackage): string {
  const name = [label, source, target].find((text) => /\.\w/.test(text)) || label || source || target;
  return name.split(/[\\/]/).pop() || 'package';
}

function isBinary(text: string): boolean {
  return Array.from(text).some((character) => character < ' ' && character !== '\t');
}

/** After the data follow the same names in UTF-16: target, label, source. */
function unicodeNames(bytes: Uint8Array, from: number) {
  const view = viewOf(bytes);
  let at = from;
  const take = () => {
    if (at + 4 > bytes.length) return null;
    const end = at + 4 + 2 * view.getUint32(at, true);
    if (end > bytes.length || end - at > LONGEST_HEADER) return null;
    const text = utf16(bytes.subarray(at + 4, end));
    at = end;
    return text.replaceAll('\0', '');
  };
  const target = take();
  const label = target === null ? null : take();
  const source = label === null ? null : take();
  return source === null ? null : { target: target as string, label: label as string, source };
}
