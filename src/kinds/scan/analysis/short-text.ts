const NAME_BYTES = 1024;
const PATH_PART_BYTES = 512;
const REASON_LENGTH = 500;

/** A name as results and stages have it: well-formed, and at most 1 KiB. Its end stays, since it says what a system does with it. */
export function shortName(name: string, maxBytes = NAME_BYTES): string {
  // A character of a string takes at most three bytes, and at least one.
  if (name.length * 3 <= maxBytes) return name.toWellFormed();
  const begin = bytesFrom(name.slice(0, maxBytes).toWellFormed());
  const end = bytesFrom(name.slice(-maxBytes).toWellFormed());
  if (name.length <= maxBytes && begin.length <= maxBytes) return name.toWellFormed();
  const half = Math.floor((maxBytes - 3) / 2);
  let [cut, from] = [half, end.length - half];
  // Between characters: a byte 10xxxxxx belongs to the one before it.
  while (cut > 0 && isInside(begin[cut])) cut--;
  while (from < end.length && isInside(end[from])) from++;
  return `${textOf(begin.subarray(0, cut))}…${textOf(end.subarray(from))}`;
}

/** A name as a part of a path of the tree: without what would end a line or turn its direction, too. */
export function pathPart(name: string): string {
  return shortName(shortName(name).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd'), PATH_PART_BYTES);
}

/** A reason or a note may quote what stands in a file. */
export function shortReason(reason: string): string {
  return reason.length <= REASON_LENGTH
    ? reason.toWellFormed()
    : `${reason.slice(0, REASON_LENGTH - 1).toWellFormed()}…`;
}

const bytesFrom = (text: string) => new TextEncoder().encode(text);
// A mark of byte order at the beginning is part of a name.
const textOf = (bytes: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
const isInside = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80;
