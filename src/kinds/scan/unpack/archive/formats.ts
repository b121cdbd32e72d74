import type { FileType } from '../../analysis/stage.ts';

/** By what names 7-Zip knows our types; where there are two, each is tried. */
export const formats: Partial<Record<FileType, readonly string[]>> = {
  tar: ['tar'],
  gzip: ['gzip'],
  bzip2: ['bzip2'],
  xz: ['xz'],
  zstd: ['zstd'],
  '7z': ['7z'],
  rar: ['rar5', 'rar'],
  cab: ['cab'],
  iso: ['iso', 'udf'],
  rpm: ['rpm'],
  // By its own name 7-Zip looks through a Debian package at the payload, and shows nothing else.
  deb: ['ar'],
  ar: ['ar'],
  cpio: ['cpio'],
  xar: ['xar'],
  arj: ['arj'],
  lzh: ['lzh'],
  z: ['Z'],
};

/** They hold one file, or several streams of it. */
export const compressedStreams: readonly FileType[] = ['gzip', 'bzip2', 'xz', 'zstd', 'z'];
