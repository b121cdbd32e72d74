import type { ScannedFile } from '../../../../src/kinds/scan/analysis/stage.ts';
import { detectType } from '../../../../src/kinds/scan/stages/type/detect-type.ts';

/** A file in memory with the type that is detected, as stages and unpackers see it. */
export async function fileOf(
  name: string,
  content: string | Uint8Array,
  more: Partial<Pick<ScannedFile, 'declaredType' | 'type'>> = {},
): Promise<ScannedFile> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const readable = { name, size: bytes.length, read: (from: number, to: number) => bytes.subarray(from, to) };
  return { ...readable, bytes: () => bytes, ...(await detectType(readable)), ...more };
}

/** UTF-16 as Windows writes it. */
export const utf16 = (text: string, mark = '\ufeff') => Buffer.from(`${mark}${text}`, 'utf16le');
