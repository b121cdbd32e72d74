import { fileTypeFromBuffer } from 'file-type';
import type { FileType } from '../../analysis/stage.ts';
import { isText, readText } from '../../text/read-text.ts';
import { isDisc, isLatePdf, magicOf } from './magic.ts';
import { mediaTypes, typesByExtension } from './media-types.ts';
import { oleKind } from './ole-kind.ts';
import type { Readable } from './readable.ts';
import { hostedKind, textKind } from './text-kind.ts';
import { zipDirectory, zipKind } from './zip-kind.ts';

/** What a file is told by, besides the directories of containers. */
const HEAD = 64 * 1024;

export interface DetectedType {
  type: FileType;
  mediaType: string;
}

/**
 * What a file is by its content. Its name decides only between scripts: their hosts go by it, and their text may fit
 * more than one.
 */
export async function detectType(file: Readable): Promise<DetectedType> {
  if (file.size === 0) return of('empty');
  const bytes = file.read(0, HEAD);
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const extension = extensionOf(file.name);
  if (['iso', 'img', 'udf'].includes(extension) && isDisc(file)) return of('iso');

  const magic = magicOf(head);
  if (magic === 'zip') {
    const { type, mediaType } = zipKind(file, extension);
    return of(type, mediaType);
  }
  if (magic === 'ole') return of(oleKind(file));
  if (magic) return of(magic);

  const text = isText(head);
  // Text is told by us: a few letters at its beginning are enough for `file-type` to call it a picture.
  const media = text ? undefined : await mediaOf(head);
  if (media?.type) return of(media.type, media.mediaType);
  if (isDisc(file)) return of('iso');
  if (isLatePdf(head)) return of('pdf');

  const kind = text
    ? textKind(readText(head).text, extension)
    : hostedKind(readText(head).text.slice(0, 8192), extension);
  // An archive may follow whatever does not begin as something else; a script stays one, since its host reads it so.
  if ((!kind || !scripts.has(kind)) && zipDirectory(file)) return of('zip');
  return kind ? of(kind) : of('data', media?.mediaType);
}

const scripts: ReadonlySet<FileType> = new Set([
  'js',
  'vbs',
  'wsf',
  'hta',
  'sct',
  'powershell',
  'batch',
  'php',
  'html',
  'svg',
  'eml',
]);

/** What follows the last dot of a name, in small letters and without what Windows drops at the end of names. */
export function extensionOf(name: string): string {
  return /\.([^.\s/\\]{1,20})[\s.]*$/.exec(name.slice(-64))?.[1]?.toLowerCase() ?? '';
}

function of(type: FileType, mediaType = mediaTypes[type]): DetectedType {
  return { type, mediaType };
}

async function mediaOf(head: Buffer): Promise<{ type: FileType | undefined; mediaType: string } | undefined> {
  try {
    const found = await fileTypeFromBuffer(head);
    return found && { type: typesByExtension[found.ext], mediaType: found.mime };
  } catch {
    // Whatever it trips over is not media that it knows.
    return undefined;
  }
}
