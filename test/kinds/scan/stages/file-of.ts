import type { ScannedFile } from '../../../../src/kinds/scan/analysis/stage.ts';
import { detectType } from '../../../../src/kinds/scan/stages/type/detect-type.ts';
import { fileOf as fileOfType } from '../support/memory-file.ts';

/** A file in memory with the type that is detected, as stages and unpackers see it. */
export async function fileOf(
  name: string,
  content: string | Uint8Array,
  more: Partial<Pick<ScannedFile, 'declaredType' | 'type'>> = {},
): Promise<ScannedFile> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const file = fileOfType('data', bytes, name);
  return { ...file, ...(await detectType(file)), ...more };
}

/** UTF-16 as Windows writes it. */
export const utf16 = (text: string, mark = '\ufeff') => Buffer.from(`${mark}${text}`, 'utf16le');
