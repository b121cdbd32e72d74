import type { FileType } from '../../analysis/stage.ts';
import type { Unpacker } from '../unpacker.ts';
import { unpackZip } from './unpack-zip.ts';

const zips: readonly FileType[] = ['zip', 'ooxml', 'odf', 'epub', 'jar', 'apk'];

export const zip: Unpacker = {
  name: 'zip',
  version: '2',
  opens: ({ type }) => zips.includes(type),
  unpack: (file, sink, passwords) => unpackZip(file, sink, { type: file.type, passwords }),
};
