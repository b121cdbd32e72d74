import type { FileType, Stage } from '../../analysis/stage.ts';
import { addressesIn } from './addresses.ts';
import { dimensionsOf } from './dimensions.ts';
import { exifOf } from './exif.ts';

const pictures: ReadonlySet<FileType> = new Set([
  'jpeg',
  'png',
  'gif',
  'bmp',
  'tiff',
  'webp',
  'avif',
  'heic',
]);
/** What is compressed has its addresses in what comes out of it. */
const packed: ReadonlySet<FileType> = new Set([
  'empty',
  ...(['zip', 'gzip', 'bzip2', 'xz', 'zstd', '7z', 'rar', 'cab', 'arj', 'lzh', 'lzip', 'z'] as const),
  ...(['ooxml', 'odf', 'epub', 'jar', 'apk'] as const),
  ...(['bmp', 'gif', 'mp4', 'matroska', 'avi', 'mp3', 'flac', 'wav', 'ogg', 'font'] as const),
]);

/** What may interest people about a file. None of it is an alarm. */
export const factsStage: Stage = {
  name: 'facts',
  version: '1',
  looksAt: ({ type }) => pictures.has(type) || !packed.has(type),
  look(file) {
    const isPicture = pictures.has(file.type);
    const dimensions = isPicture ? dimensionsOf(file) : undefined;
    const exif = isPicture ? exifOf(file) : undefined;
    const addresses = packed.has(file.type) ? undefined : addressesIn(file);
    const facts = {
      ...(dimensions && { dimensions }),
      ...(exif && { exif }),
      ...(addresses && { addresses }),
    };
    return { findings: [], ...(Object.keys(facts).length > 0 && { facts }) };
  },
};
