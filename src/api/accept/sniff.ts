import { fileTypeFromBuffer } from 'file-type';
import { UnsupportedMedia } from '../../domain/errors.ts';
import type { AnyKind } from '../../domain/kinds/index.ts';
import { exportAdvice } from '../../domain/kinds/words.ts';
import { allKinds } from './kind-and-options.ts';

/** How much of a file's beginning is looked at: enough for office documents, whose type lies behind a ZIP's. */
export const sniffedBytes = 64 * 1024;

/** In `KindDefinition.mediaTypes`: the kind looks at any file, known or not. */
const anything = '*/*';
/** What bytes of no known type are called. */
const unknownType = 'application/octet-stream';

function accepts({ mediaTypes }: AnyKind, found: string): boolean {
  return mediaTypes.includes(anything) || mediaTypes.includes(found);
}

/**
 * The media type of a file by its first bytes; the client's word and the name's ending do not count.
 * @param head the first {@link sniffedBytes} of the file, or all of it when shorter
 * @param kinds the kinds it may be for: one of them has to take it
 * @throws UnsupportedMedia naming what was found and what is accepted
 */
export async function sniff(head: Uint8Array, fileName: string, kinds: readonly AnyKind[]): Promise<string> {
  const found = (await fileTypeFromBuffer(head))?.mime ?? unknownType;
  refuseUnaccepted(found, fileName, kinds);
  return found;
}

/** @throws UnsupportedMedia when none of `kinds` takes `found` */
export function refuseUnaccepted(found: string, fileName: string, kinds: readonly AnyKind[]): void {
  if (kinds.some((kind) => accepts(kind, found))) return;
  const names = kinds.map(({ kind }) => kind).join(', ');
  const accepted = [...new Set(kinds.flatMap(({ mediaTypes }) => mediaTypes))].join(', ');
  const looks = found === unknownType ? 'are of no type we know' : `are ${found}`;
  const others = allKinds.filter((kind) => kind.mediaTypes.includes(found));
  const advice =
    others.length > 0
      ? `Name the kind that takes it: ${others.map(({ kind }) => kind).join(' or ')}.`
      : [...new Set(kinds.map(exportAdvice))].join(' ');
  throw new UnsupportedMedia(
    `"${fileName}" is not a file for ${names}: its bytes ${looks}, whatever its name says. ${advice} (Accepted: ${accepted}.)`,
  );
}
