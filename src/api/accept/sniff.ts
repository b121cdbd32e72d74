import { fileTypeFromBuffer } from 'file-type';
import { InvalidRequest, UnsupportedMedia } from '../../domain/errors.ts';
import { type AnyKind, takes } from '../../domain/kind.ts';
import { exportAdvice } from '../../domain/kind-words.ts';

/** How much of a file's beginning is looked at: enough for office documents, whose type lies behind a ZIP's. */
export const sniffedBytes = 64 * 1024;

/** What bytes of no known type are called. */
const unknownType = 'application/octet-stream';

/**
 * The media type of a file by its first bytes; the client's word and the name's ending do not count.
 * @param head the first {@link sniffedBytes} of the file, or all of it when shorter
 * @param kinds the kinds it may be for: one of them has to take it
 * @throws InvalidRequest, UnsupportedMedia as `refuseUnaccepted` does
 */
export async function sniff(
  head: Uint8Array,
  fileName: string,
  kinds: readonly AnyKind[],
  all?: readonly AnyKind[],
): Promise<string> {
  const found = (await fileTypeFromBuffer(head))?.mime ?? unknownType;
  refuseUnaccepted({ media_type: found, bytes: head.length }, fileName, kinds, all);
  return found;
}

/**
 * @param kinds the kinds it may be for
 * @param all the kinds of which one may be named as the remedy
 * @throws InvalidRequest for an empty file that none of `kinds` takes; UnsupportedMedia when none takes its type, naming
 *   what was found and what is accepted
 */
export function refuseUnaccepted(
  found: { media_type: string; bytes: number },
  fileName: string,
  kinds: readonly AnyKind[],
  all: readonly AnyKind[] = kinds,
): void {
  const { media_type, bytes } = found;
  if (bytes === 0) {
    if (kinds.some(({ takesEmptyFiles }) => takesEmptyFiles)) return;
    throw new InvalidRequest(`"${fileName}" is empty (0 bytes). Choose another file.`, 'file');
  }
  if (kinds.some((kind) => takes(kind, media_type))) return;
  const names = kinds.map(({ kind }) => kind).join(', ');
  const accepted = [...new Set(kinds.flatMap(({ mediaTypes }) => mediaTypes))].join(', ');
  const looks = media_type === unknownType ? 'are of no type we know' : `are ${media_type}`;
  const others = all.filter(({ mediaTypes }) => mediaTypes.includes(media_type));
  const advice =
    others.length > 0
      ? `Name the kind that takes it: ${others.map(({ kind }) => kind).join(' or ')}.`
      : [...new Set(kinds.map(exportAdvice))].join(' ');
  throw new UnsupportedMedia(
    `"${fileName}" is not a file for ${names}: its bytes ${looks}, whatever its name says. ${advice} (Accepted: ${accepted}.)`,
  );
}
