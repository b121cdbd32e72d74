import { fileTypeFromTokenizer } from 'file-type';
import { InvalidRequest, UnsupportedMedia } from '../../domain/errors.ts';
import { type AnyKind, takes } from '../../domain/kind.ts';
import { exportAdvice } from '../../domain/kind-words.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { PartialFile, type ReadBytes } from './partial-file.ts';

/** How much of a file's beginning is looked at before the rest of it arrives. Most types are told by it. */
export const sniffedBytes = 64 * 1024;

/** A stored file is read in blocks of {@link sniffedBytes}, this many at most: 4 MiB, wherever they lie in it. */
const mostBlocks = 64;

/** What bytes of no known type are called. */
const unknownType = 'application/octet-stream';

/** The client's word and the name's ending do not count. */
async function typeOf(size: number, read: ReadBytes): Promise<string> {
  const known = await fileTypeFromTokenizer(new PartialFile(size, read));
  return known?.mime ?? ((await isNifti(size, read)) ? 'application/x-nifti' : unknownType);
}

/** The marks of NIfTI-1, behind its first 344 bytes, and of NIfTI-2, behind its first four: nifti.nimh.nih.gov. */
async function isNifti(size: number, read: ReadBytes): Promise<boolean> {
  const marks = [
    [344, ['n+1', 'ni1']],
    [4, ['n+2', 'ni2']],
  ] as const;
  for (const [at, words] of marks) {
    if (size < at + 4) continue;
    const mark = await read(at, at + 4);
    if (mark && words.some((word) => Buffer.from(mark).toString('latin1') === `${word}\0`)) return true;
  }
  return false;
}

export interface EarlyType {
  media_type: string;
  /** Whether the rest of the file cannot change it. */
  isFinal: boolean;
}

/**
 * The media type of a file by its beginning. Some types are told only further on: a TIFF's directory is often at its
 * end, and before the sound of an MP3 there may be a large picture.
 * @param head the first {@link sniffedBytes} of the file or more, or all of it when shorter
 */
export async function sniffHead(head: Uint8Array): Promise<EarlyType> {
  let isFinal = true;
  const within: ReadBytes = async (start, end) => {
    if (end > head.length) isFinal = false;
    return head.subarray(start, end);
  };
  // One less than the detector takes for "unknown", upon which it guesses sooner.
  const size = head.length < sniffedBytes ? head.length : Number.MAX_SAFE_INTEGER - 1;
  const media_type = await typeOf(size, within);
  return { media_type, isFinal };
}

/**
 * The media type of a stored file by its bytes, as many as the detector asks for within {@link mostBlocks}.
 * @throws StorageUnavailable, StorageRefused, ObjectMissing
 */
export async function sniffStored(
  store: Pick<ArtifactStore, 'readRange'>,
  key: string,
  bytes: number,
): Promise<string> {
  const blocks = new Map<number, Uint8Array>();
  let failure: unknown;
  async function blockAt(start: number): Promise<Uint8Array | undefined> {
    if (blocks.has(start) || blocks.size >= mostBlocks) return blocks.get(start);
    const block = await store.readRange(key, start, Math.min(start + sniffedBytes, bytes) - 1);
    blocks.set(start, block);
    return block;
  }
  const read: ReadBytes = async (start, end) => {
    const parts: Uint8Array[] = [];
    try {
      for (let at = start - (start % sniffedBytes); at < end; at += sniffedBytes) {
        const block = await blockAt(at);
        if (!block) break;
        parts.push(block.subarray(Math.max(start - at, 0), end - at));
      }
    } catch (error) {
      failure ??= error;
      return null;
    }
    return Buffer.concat(parts);
  };
  const media_type = await typeOf(bytes, read);
  if (failure) throw failure;
  return media_type;
}

/** An archive is called by what is in it, which may lie anywhere; it never turns out to be a picture, a sound or a film. */
const archives = ['application/zip', 'application/gzip'];

/** Whether the rest of the file may yet make it of a type that one of the kinds takes. */
export function mayTurnOut({ media_type, isFinal }: EarlyType, kinds: readonly AnyKind[]): boolean {
  if (isFinal) return false;
  const onlyMedia = kinds.every(({ mediaTypes }) =>
    mediaTypes.every((type) => /^(image|audio|video)\//.test(type)),
  );
  return !(onlyMedia && archives.includes(media_type));
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
