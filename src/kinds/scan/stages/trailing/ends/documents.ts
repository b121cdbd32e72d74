import { findLast } from '../../../unpack/search.ts';
import { directoryAt, END } from '../../../unpack/zip/records.ts';
import type { View } from './view.ts';

const asInput = (view: View) => ({
  size: view.size,
  read: (from: number, to: number) => view.bytes(from, to - from),
});

/** Behind its last revision, and the line end that belongs to it. */
export function endOfPdf(view: View): number | undefined {
  const mark = Buffer.from('%%EOF');
  const at = findLast(asInput(view), mark, 0, view.size, () => true);
  if (at === undefined) return undefined;
  const rest = /^\r?\n?/.exec(view.text(at + mark.length, 2))?.[0] ?? '';
  return at + mark.length + rest.length;
}

/** Behind the record of its end; a comment follows it. */
export function endOfZip(view: View): number | undefined {
  const input = asInput(view);
  const at = findLast(
    input,
    END,
    0,
    view.size,
    (end) => (directoryAt(input, end, 1)?.headers.length ?? 0) > 0,
  );
  return at === undefined ? undefined : view.within(at + 22);
}

/** Behind the brace that closes it; readers stop there. */
export function endOfRtf(view: View): number | undefined {
  let depth = 0;
  for (let at = 0; at < view.size; at += 65_536) {
    const block = view.bytes(at, 65_536);
    for (let n = 0; n < block.length; n++) {
      const byte = block[n];
      if (byte === 0x5c) n++;
      else if (byte === 0x7b) depth++;
      else if (byte === 0x7d && --depth === 0) return at + n + 1;
    }
  }
  return undefined;
}

/** Behind the last sector of a compound file that its allocation tables know of. */
export function endOfCompoundFile(view: View): number | undefined {
  const shift = view.u16(30);
  if (shift !== 9 && shift !== 12) return undefined;
  const sector = 2 ** shift;
  const perTable = sector / 4;
  const tables = tablesOf(view, sector);
  let last = -1;
  for (const [n, table] of tables.entries()) {
    const entries = view.bytes((table + 1) * sector, sector);
    for (let entry = 0; entry + 4 <= entries.length; entry += 4)
      if (entries.readUInt32LE(entry) !== 0xffffffff) last = n * perTable + entry / 4;
  }
  return last < 0 ? undefined : (view.within((last + 2) * sector) ?? undefined);
}

function tablesOf(view: View, sector: number): number[] {
  const tables: number[] = [];
  for (let n = 0; n < 109; n++) {
    const at = view.u32(76 + 4 * n);
    if (at < 0xfffffffa) tables.push(at);
  }
  let next = view.u32(68);
  for (let n = 0; n < 1000 && next < 0xfffffffa; n++) {
    const at = (next + 1) * sector;
    for (let entry = 0; entry < sector - 4; entry += 4) {
      const table = view.u32(at + entry);
      if (table < 0xfffffffa) tables.push(table);
    }
    next = view.u32(at + sector - 4);
  }
  return tables;
}

/** A shortcut: its target, its texts, and blocks of more up to an empty one. */
export function endOfShortcut(view: View): number | undefined {
  const flags = view.u32(20);
  let at = 76;
  if (flags & 1) at += 2 + view.u16(at);
  if (flags & 2) at += view.u32(at);
  for (const text of [4, 8, 16, 32, 64]) if (flags & text) at += 2 + view.u16(at) * (flags & 128 ? 2 : 1);
  for (let size = view.u32(at); size >= 4 && at < view.size; size = view.u32(at)) at += size;
  return view.within(at + 4);
}
