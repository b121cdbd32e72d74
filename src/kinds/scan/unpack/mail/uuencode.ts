import { ByteSink } from '../../documents/byte-sink.ts';

export interface UuFile {
  name: string;
  content: Uint8Array;
  /** The line `end` is missing. */
  cutOff: boolean;
}

const MOST = 100;

/** Files that stand in a text as uuencode wrote them, from a line `begin 644 name` to a line `end`. */
export function uuencodedFiles(text: string): UuFile[] {
  if (!text.includes('begin ')) return [];
  const found: UuFile[] = [];
  let open: { name: string; sink: ByteSink } | null = null;
  for (const line of text.split(/\r?\n/)) {
    const begin = /^begin [0-7]{3,4} (.{1,500})$/.exec(line);
    if (begin && !open) {
      if (found.length >= MOST) break;
      open = { name: (begin[1] as string).trim(), sink: new ByteSink() };
    } else if (open && /^end\s*$/.test(line)) {
      found.push({ name: open.name, content: open.sink.bytes, cutOff: false });
      open = null;
    } else if (open) open.sink.append(decodeLine(line));
  }
  if (open && open.sink.length > 0) found.push({ name: open.name, content: open.sink.bytes, cutOff: true });
  return found;
}

/** The first character says how many bytes the line holds, each other has six bits. */
function decodeLine(line: string): Uint8Array {
  const six = (index: number) => ((line.charCodeAt(index) || 32) - 32) & 0x3f;
  const length = Math.min(six(0), Math.floor(((line.length - 1) * 6) / 8));
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at++) {
    const bit = at * 8;
    const from = 1 + Math.floor(bit / 6);
    bytes[at] = ((six(from) << (2 + (bit % 6))) | (six(from + 1) >> (4 - (bit % 6)))) & 0xff;
  }
  return bytes;
}
