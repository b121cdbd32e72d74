import type { Input } from '../archive/run.ts';
import type { Trials } from '../trials.ts';
import { DEFLATED, type Decoded, decodeUpTo, type Packed, STORED } from './decode.ts';
import { sizeByDescriptor, type ZipEntry } from './layout.ts';
import { ENCRYPTED, HAS_DESCRIPTOR, type Header, type LocalHeader } from './records.ts';

/** How an entry can be read, by one of its headers. */
export interface View extends Packed {
  header: Header;
  /** Whether 7-Zip must do it. */
  other: boolean;
  /** Whether no header says where it ends. */
  open: boolean;
}

/** What is read to see whether a view is right; a bomb is right enough. */
const TRIED = 64 * 1024 ** 2;

/** The view that readers can use; where the headers disagree, the one by which the checksum is right. */
export async function viewOf(
  input: Input,
  entry: ZipEntry & { local: LocalHeader },
  trials: Trials,
): Promise<View> {
  const { local, central } = entry;
  const first = viewBy(central ?? local, input, entry);
  if (!central || !disagree(central, local)) return first;
  for (const view of [first, viewBy(local, input, entry)]) {
    // Headers of malicious Android packages say that entries are encrypted that are not.
    for (const other of view.other ? [true, false] : [false]) {
      if (!other && (await fits(input, view, entry, trials))) return { ...view, other };
    }
  }
  return first;
}

export function disagree(central: Header, local: Header): boolean {
  return central.method !== local.method || ((central.flags ^ local.flags) & ENCRYPTED) !== 0;
}

function viewBy(header: Header, input: Input, { local, central }: ZipEntry & { local: LocalHeader }): View {
  const known = central?.compressed || local.compressed;
  const stored =
    header.method === STORED && !known ? (sizeByDescriptor(input, local) ?? header.size) : undefined;
  const compressed = stored ?? known;
  const open = compressed === 0 && header.method === DEFLATED;
  return {
    header,
    dataAt: local.dataAt,
    method: header.method,
    limit: open ? input.size : local.dataAt + compressed,
    open,
    other: (header.flags & ENCRYPTED) !== 0 || (header.method !== STORED && header.method !== DEFLATED),
  };
}

/** Whether it can be read so; a bomb can, and so can whatever comes when no more may be tried: the sink counts them. */
export async function fits(
  input: Input,
  view: View,
  entry: ZipEntry & { local: LocalHeader },
  trials: Trials,
): Promise<boolean> {
  if (view.method !== STORED && view.method !== DEFLATED) return false;
  const most = Math.min(TRIED, trials.left);
  if (most === 0) return true;
  const decoded = await decodeUpTo(input, view, most);
  trials.spend(decoded ? Math.max(decoded.size, decoded.consumed) : most);
  return !decoded || isRight(decoded, entry);
}

/** Headers that leave the checksum to a record behind the data are not compared. */
export function isRight(
  { complete, crc }: Decoded,
  { local, central }: ZipEntry & { local: LocalHeader },
): boolean {
  const known = [central?.crc, local.flags & HAS_DESCRIPTOR ? undefined : local.crc];
  const told = known.filter((value) => value !== undefined);
  return complete && (told.length === 0 || told.includes(crc));
}
