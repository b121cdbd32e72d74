import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { FileType, ScannedFile } from '../../../../src/kinds/scan/analysis/stage.ts';

/** A file of bytes, as a stage or an unpacker sees it. */
export function fileOf(type: FileType, bytes: Uint8Array | string, name = 'sample'): ScannedFile {
  const data = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
  return {
    name,
    type,
    mediaType: 'application/octet-stream',
    size: data.length,
    read: (from, to) => data.subarray(Math.max(0, from), Math.max(0, to)),
    readInto(target, from) {
      const there = data.subarray(from, from + target.length);
      target.set(there);
      return target.subarray(0, there.length);
    },
    bytes: () => data,
  };
}

export function fileAt(type: FileType, path: string | URL): ScannedFile {
  return fileOf(type, readFileSync(path), basename(path.toString()));
}
