import type { FileType } from '../../../analysis/stage.ts';
import * as archives from './archives.ts';
import * as documents from './documents.ts';
import * as media from './media.ts';
import * as pictures from './pictures.ts';
import * as programs from './programs.ts';
import type { EndOf } from './view.ts';

const zip: readonly FileType[] = ['zip', 'ooxml', 'odf', 'epub', 'jar', 'apk'];
export const compoundFiles: readonly FileType[] = ['ole', 'doc', 'xls', 'ppt', 'msi', 'msg'];
const boxes: readonly FileType[] = ['mp4', 'heic', 'avif'];
const riff: readonly FileType[] = ['webp', 'wav', 'avi'];

const each = (types: readonly FileType[], end: EndOf) => Object.fromEntries(types.map((type) => [type, end]));

/** The formats whose end can be said. */
export const endOf: Partial<Record<FileType, EndOf>> = {
  jpeg: pictures.endOfJpeg,
  png: pictures.endOfPng,
  gif: pictures.endOfGif,
  bmp: pictures.endOfBmp,
  ico: pictures.endOfIco,
  tiff: pictures.endOfTiff,
  ...each(riff, media.endOfRiff),
  ...each(boxes, media.endOfBoxes),
  swf: media.endOfSwf,
  font: media.endOfFont,
  pdf: documents.endOfPdf,
  rtf: documents.endOfRtf,
  lnk: documents.endOfShortcut,
  ...each(compoundFiles, documents.endOfCompoundFile),
  ...each(zip, documents.endOfZip),
  '7z': archives.endOf7z,
  rar: archives.endOfRar,
  cab: archives.endOfCab,
  tar: archives.endOfTar,
  iso: archives.endOfIso,
  gzip: archives.endOfGzip,
  zstd: archives.endOfZstd,
  xz: archives.endOfXz,
  pe: (view) => programs.partsOfPe(view)?.end,
  elf: programs.endOfElf,
  macho: programs.endOfMachO,
};
