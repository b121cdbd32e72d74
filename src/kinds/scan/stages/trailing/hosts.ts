import type { FileType } from '../../analysis/stage.ts';

/** What a file is to people that something stands behind, or in. */
export type Host = 'picture' | 'media' | 'document' | 'archive' | 'program' | 'other';

const hosts: readonly (readonly [Host, readonly FileType[]])[] = [
  ['picture', ['jpeg', 'png', 'gif', 'bmp', 'tiff', 'webp', 'avif', 'heic', 'ico', 'psd']],
  ['media', ['mp4', 'matroska', 'avi', 'mp3', 'flac', 'wav', 'ogg']],
  ['document', ['pdf', 'rtf', 'ole', 'doc', 'xls', 'ppt', 'msg', 'onenote', 'html', 'svg', 'xml', 'eml']],
  ['media', ['swf', 'font']],
  ['document', ['lnk', 'hta', 'js', 'vbs', 'wsf', 'sct', 'powershell', 'php', 'iqy', 'url', 'sqlite']],
  ['document', ['ooxml', 'odf', 'epub', 'msi']],
  ['archive', ['zip', 'tar', 'gzip', 'bzip2', 'xz', 'zstd', '7z', 'rar', 'cab', 'iso', 'rpm', 'deb', 'ar']],
  ['archive', ['cpio', 'xar', 'arj', 'lzh', 'z', 'jar', 'apk']],
  ['program', ['pe', 'elf', 'macho', 'shell', 'python', 'batch', 'class', 'dex', 'wasm']],
];

export const hostOf = (type: FileType): Host =>
  hosts.find(([, types]) => types.includes(type))?.[0] ?? 'other';

export const words: Readonly<Record<Host, string>> = {
  picture: 'the picture',
  media: 'the file',
  document: 'the document',
  archive: 'the archive',
  program: 'the program',
  other: 'the file',
};
