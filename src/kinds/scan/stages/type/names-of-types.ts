import { archiveTypes, type FileType, mediaFileTypes } from '../../analysis/stage.ts';
import { mediaTypes } from './media-types.ts';

/** What a file of a type is to people. */
export type Family = 'program' | 'script' | 'page' | 'document' | 'archive' | 'media' | 'text' | 'other';

const families: readonly (readonly [Family, readonly FileType[]])[] = [
  ['program', ['pe', 'elf', 'macho', 'class', 'dex', 'msi', 'jar', 'apk']],
  [
    'script',
    ['js', 'vbs', 'wsf', 'hta', 'sct', 'powershell', 'batch', 'shell', 'php', 'python', 'lnk', 'url'],
  ],
  ['page', ['html', 'svg', 'xml']],
  [
    'document',
    ['ooxml', 'odf', 'epub', 'ole', 'doc', 'xls', 'ppt', 'msg', 'onenote', 'rtf', 'pdf', 'eml', 'iqy'],
  ],
  ['archive', archiveTypes],
  ['media', mediaFileTypes],
  ['text', ['text', 'csv']],
];

export function familyOf(type: FileType): Family {
  return families.find(([, types]) => types.includes(type))?.[0] ?? 'other';
}

/**
 * The types that a name may have, the usual one first. Only names whose meaning everyone agrees on are here: a file
 * with any other is not compared.
 */
export const namesOf: Readonly<Record<string, readonly FileType[]>> = {
  ...each('jpg jpeg jpe jfif', ['jpeg']),
  ...each('png', ['png']),
  ...each('gif', ['gif']),
  ...each('bmp', ['bmp']),
  ...each('tif tiff', ['tiff']),
  ...each('webp', ['webp']),
  ...each('avif', ['avif']),
  ...each('heic heif', ['heic', 'avif']),
  ...each('psd', ['psd']),
  ...each('mp4 m4v m4a mov', ['mp4']),
  ...each('mkv webm', ['matroska']),
  ...each('avi', ['avi']),
  // What has no frame within reach, behind a large picture, is `data`.
  ...each('mp3', ['mp3', 'data']),
  ...each('flac', ['flac']),
  ...each('wav', ['wav']),
  ...each('ogg oga ogv opus', ['ogg']),
  ...each('svg', ['svg', 'xml', 'text']),
  ...each('ico', ['ico', 'png', 'bmp', 'data']),
  ...each('pdf', ['pdf']),
  ...each('docx docm dotx dotm xlsx xlsm xltx xltm xlsb pptx pptm ppsx ppsm', ['ooxml', 'ole']),
  ...each('doc dot', ['doc', 'ole', 'rtf']),
  ...each('xls xlt', ['xls', 'ole', 'csv', 'text', 'xml', 'data']),
  ...each('ppt pps', ['ppt', 'ole']),
  ...each('rtf', ['rtf', 'text']),
  ...each('odt ods odp odg', ['odf']),
  ...each('epub', ['epub']),
  ...each('msg', ['msg', 'ole']),
  ...each('one', ['onenote', 'cab']),
  ...each('zip', ['zip']),
  ...each('7z', ['7z']),
  ...each('rar', ['rar']),
  ...each('gz tgz', ['gzip']),
  ...each('bz2', ['bzip2']),
  ...each('xz', ['xz']),
  ...each('tar', ['tar', 'data']),
  ...each('iso', ['iso', 'data']),
  ...each('cab', ['cab']),
  // Text of any language may be called so; a program may not.
  ...each('txt md log', textual('text')),
  ...each('csv tsv', textual('csv')),
  ...each('js vbs ps1 bat cmd hta wsf', textual('js')),
};

function textual(usual: FileType): readonly FileType[] {
  const texts: FileType[] = [
    'text',
    'csv',
    'js',
    'vbs',
    'wsf',
    'hta',
    'sct',
    'powershell',
    'batch',
    'shell',
    'php',
    'python',
    'html',
    'svg',
    'xml',
    'url',
    'iqy',
    'eml',
    'rtf',
    'data',
    'empty',
  ];
  return [usual, ...texts.filter((type) => type !== usual)];
}

function each(names: string, types: readonly FileType[]) {
  return Object.fromEntries(names.split(' ').map((name) => [name, types]));
}

/** The types that a declared media type may be of, by the names that usually go with it. */
export const typesByMediaType: Readonly<Record<string, readonly FileType[]>> = {
  ...Object.fromEntries(
    Object.values(namesOf).map((types) => [mediaTypes[types[0] as FileType], types] as const),
  ),
  ...each(
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document ' +
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet ' +
      'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    namesOf.docx ?? [],
  ),
  ...each(
    'application/vnd.oasis.opendocument.text application/vnd.oasis.opendocument.spreadsheet ' +
      'application/vnd.oasis.opendocument.presentation',
    namesOf.odt ?? [],
  ),
  'image/jpg': namesOf.jpg ?? [],
  'image/heif': namesOf.heic ?? [],
  'video/quicktime': namesOf.mov ?? [],
  'audio/mp4': namesOf.m4a ?? [],
  'video/webm': namesOf.webm ?? [],
  'application/x-zip-compressed': namesOf.zip ?? [],
  'text/plain': namesOf.txt ?? [],
};
