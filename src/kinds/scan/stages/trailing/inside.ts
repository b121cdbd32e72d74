import type { FileType } from '../../analysis/stage.ts';
import type { Input } from '../../unpack/archive/run.ts';
import { bufferOf, findAll, findLast } from '../../unpack/search.ts';
import { directoryAt, END, readLocal } from '../../unpack/zip/records.ts';
import { View } from './ends/view.ts';

/** Code, and where it begins. */
export interface CodeInside {
  offset: number;
  text: string;
  runs: boolean;
}

const BLOCK = 1024 ** 2;
const OVERLAP = 32;
const code = /<(\?php\s|script[\s>]|hta:application\b|%@?\s*(?:page|eval|language)|iframe\s|html[\s>])/gi;

/** What a server or a browser would run if it took a picture for a page; failing that, the markup of one. */
export function codeInside(input: Input): CodeInside | undefined {
  let markup: CodeInside | undefined;
  for (let at = 0; at < input.size; at += BLOCK) {
    const block = bufferOf(input.read(at, Math.min(at + BLOCK + OVERLAP, input.size))).toString('latin1');
    for (const match of block.matchAll(code)) {
      const text = block.slice(match.index, match.index + 80);
      const found = { offset: at + match.index, text, runs: !/^<html/i.test(text) };
      if (found.runs) return found;
      markup ??= found;
    }
  }
  return markup;
}

/** Pictures whose size, or whose first length, is written `/*`: a script that begins with a name and a comment. */
export function isScriptToo(input: Input, type: FileType): boolean {
  const at = { gif: 6, bmp: 2, jpeg: 4 }[type as 'gif'];
  if (at === undefined || new View(input).text(at, 2) !== '/*') return false;
  return findAll(input, Buffer.from('*/'), at + 2, input.size, 1).length > 0;
}

const TAIL = 22 + 65_535;

/** Where a ZIP begins that ends with the file, as readers of ZIPs look for it; whatever the file is from its beginning. */
export function zipAtEnd(input: Input): number | undefined {
  let begins: number | undefined;
  findLast(input, END, Math.max(0, input.size - TAIL), input.size, (at) => {
    const record = bufferOf(input.read(at, at + 22));
    if (record.length < 22) return false;
    const end = at + 22 + record.readUInt16LE(20);
    // Editors end the last line.
    if (end > input.size || !/^[\r\n]{0,2}$/.test(new View(input).text(end, 3))) return false;
    const directory = directoryAt(input, at, 10_000);
    const places = directory?.headers.map(({ localAt }) => localAt + directory.shift) ?? [];
    const there = places.filter((place) => readLocal(input, place));
    if (there.length > 0) begins = Math.min(...there);
    return there.length > 0;
  });
  return begins;
}
