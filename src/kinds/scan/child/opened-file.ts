import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { FileTooLarge, type FileType, type ScannedFile } from '../analysis/stage.ts';

export interface FileToOpen {
  /** Where the bytes lie on this machine; a name of ours. */
  path: string;
  name: string;
  declaredType?: string | undefined;
  /** What `bytes()` reads at most. */
  fileBytes: number;
}

export type OpenedFile = Omit<ScannedFile, 'type' | 'mediaType'> & {
  as(type: FileType, mediaType: string): ScannedFile;
  close(): void;
};

const BLOCK = 1024 ** 2;

/** Reads a file by blocks; all of it is held only where a stage asks for it, and then once for all stages. */
export function openScannedFile({ path, name, declaredType, fileBytes }: FileToOpen): OpenedFile {
  const file = openSync(path, 'r');
  const { size } = fstatSync(file);
  let whole: Uint8Array | undefined;
  let block: { from: number; bytes: Uint8Array } | undefined;

  const fill = (target: Uint8Array, from: number): Uint8Array => {
    let filled = 0;
    while (filled < target.length) {
      const read = readSync(file, target, filled, target.length - filled, from + filled);
      if (read === 0) break;
      filled += read;
    }
    return target.subarray(0, filled);
  };
  const readNow = (from: number, to: number): Uint8Array =>
    fill(new Uint8Array(Math.max(0, Math.min(to, size) - from)), from);
  const bytes = () => {
    if (size > fileBytes) throw new FileTooLarge(size, fileBytes);
    whole ??= readNow(0, size);
    return whole;
  };
  const read = (from: number, to: number): Uint8Array => {
    const [begin, end] = [Math.max(0, Math.min(from, size)), Math.max(0, Math.min(to, size))];
    if (end <= begin) return new Uint8Array();
    if (size <= Math.min(BLOCK, fileBytes)) return bytes().subarray(begin, end);
    if (whole) return whole.subarray(begin, end);
    if (end - begin > BLOCK) return readNow(begin, end);
    // Parsers read field by field.
    if (!block || begin < block.from || end > block.from + block.bytes.length)
      block = { from: begin, bytes: readNow(begin, begin + BLOCK) };
    return block.bytes.subarray(begin - block.from, end - block.from);
  };
  const readInto = (target: Uint8Array, from: number): Uint8Array => {
    if (!whole) return fill(target, from);
    const there = whole.subarray(from, from + target.length);
    target.set(there);
    return target.subarray(0, there.length);
  };
  const opened = { name, declaredType, size, read, readInto, bytes };
  return {
    ...opened,
    as: (type, mediaType) => ({ ...opened, type, mediaType }),
    close: () => closeSync(file),
  };
}
