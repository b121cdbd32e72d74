import { crc32 } from 'node:zlib';
import { decodeUpTo } from '../../../unpack/zip/decode.ts';
import type { View } from './view.ts';

const MAX_PARTS = 100_000;

export function endOf7z(view: View): number | undefined {
  return view.within(32 + view.u64(12) + view.u64(20));
}

/** RAR 4 and 5: blocks, up to the one that says it is the last. Where headers are encrypted nothing can be said. */
export function endOfRar(view: View): number | undefined {
  if (view.text(0, 4) !== 'Rar!') return undefined;
  return view.u8(6) === 1 ? endOfRar5(view) : endOfRar4(view);
}

function endOfRar4(view: View): number | undefined {
  let at = 7;
  for (let n = 0; n < MAX_PARTS && at < view.size; n++) {
    const [kind, flags, head] = [view.u8(at + 2), view.u16(at + 3), view.u16(at + 5)];
    if (!(head >= 7) || (kind === 0x73 && flags & 0x80)) return undefined;
    const data = flags & 0x8000 ? view.u32(at + 7) : 0;
    const high = (kind === 0x74 || kind === 0x7a) && flags & 0x100 ? view.u32(at + 32) * 2 ** 32 : 0;
    at += head + data + high;
    if (kind === 0x7b) return view.within(at);
  }
  return view.within(at);
}

function endOfRar5(view: View): number | undefined {
  let at = 8;
  for (let n = 0; n < MAX_PARTS && at < view.size; n++) {
    const size = variable(view, at + 4);
    if (!size) return undefined;
    const kind = variable(view, size.next);
    const flags = kind && variable(view, kind.next);
    if (!kind || !flags || kind.value === 4) return undefined;
    const extra = flags.value & 1 ? variable(view, flags.next) : { value: 0, next: flags.next };
    const data = extra && flags.value & 2 ? variable(view, extra.next) : undefined;
    at = size.next + size.value + (data?.value ?? 0);
    if (kind.value === 5) return view.within(at);
  }
  return view.within(at);
}

/** Seven bits a byte, as many bytes as say that another follows. */
function variable(view: View, at: number): { value: number; next: number } | undefined {
  let value = 0;
  for (let n = 0; n < 8; n++) {
    const byte = view.u8(at + n);
    if (Number.isNaN(byte)) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * n);
    if (byte < 0x80) return { value, next: at + n + 1 };
  }
  return undefined;
}

export function endOfCab(view: View): number | undefined {
  return view.within(view.u32(8));
}

/** Two blocks of zeros, then as many as fill a record; what is behind all zeros is behind the end. */
export function endOfTar(view: View): number | undefined {
  let at = 0;
  for (let n = 0; n < MAX_PARTS && at + 512 <= view.size; n++) {
    const header = view.bytes(at, 512);
    if (header.every((byte) => byte === 0)) return view.within(at);
    if (header.toString('latin1', 257, 262) !== 'ustar') return undefined;
    const size = Number.parseInt(header.toString('latin1', 124, 136).replace(/[\0 ].*$/, ''), 8);
    if (!(size >= 0)) return undefined;
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return undefined;
}

/** By the size of the volume; UDF alone does not say it in one place. */
export function endOfIso(view: View): number | undefined {
  if (view.text(0x8001, 5) !== 'CD001') return undefined;
  return view.within(view.u32(0x8000 + 80) * view.u16(0x8000 + 128));
}

const INFLATED = 64 * 1024 ** 2;

/** Behind its last member. They are inflated for it, and not where they are large. */
export async function endOfGzip(view: View): Promise<number | undefined> {
  let at = 0;
  let left = INFLATED;
  for (let n = 0; n < MAX_PARTS && view.u16be(at) === 0x1f8b; n++) {
    const member = await inflateMember(view, at, left);
    if (!member) return undefined;
    left -= member.size;
    at = member.end;
  }
  return view.within(at);
}

/** Where the member ends that begins at a place; undefined where there is none, or it is damaged. */
export async function nextGzipMember(view: View, at: number): Promise<number | undefined> {
  return (await inflateMember(view, at, Number.POSITIVE_INFINITY))?.end;
}

async function inflateMember(view: View, at: number, most: number) {
  const dataAt = view.u16be(at) === 0x1f8b ? gzipData(view, at) : undefined;
  if (dataAt === undefined) return undefined;
  const input = { size: view.size, read: (from: number, to: number) => view.bytes(from, to - from) };
  const decoded = await decodeUpTo(input, { dataAt, limit: view.size, method: 8 }, most);
  return decoded?.complete ? { size: decoded.size, end: dataAt + decoded.consumed + 8 } : undefined;
}

function gzipData(view: View, at: number): number | undefined {
  const flags = view.u8(at + 3);
  let data = at + 10;
  if (flags & 4) data += 2 + view.u16(data);
  for (const text of [8, 16]) {
    if (!(flags & text)) continue;
    const end = view.bytes(data, 65_536).indexOf(0);
    if (end < 0) return undefined;
    data += end + 1;
  }
  return view.within(data + (flags & 2 ? 2 : 0));
}

/** Frames, which say how long each of their blocks is. */
export function endOfZstd(view: View): number | undefined {
  let at = 0;
  for (let n = 0; n < MAX_PARTS && isFrame(view, at); n++) {
    const end = nextZstdFrame(view, at);
    if (end === undefined) return undefined;
    at = end;
  }
  return view.within(at);
}

/** Where the frame ends that begins at a place; undefined where there is none, or it is damaged. */
export function nextZstdFrame(view: View, at: number): number | undefined {
  if (!isFrame(view, at)) return undefined;
  return isSkipped(view.u32(at)) ? at + 8 + view.u32(at + 4) : endOfFrame(view, at);
}

const isSkipped = (mark: number) => mark >= 0x184d2a50 && mark <= 0x184d2a5f;
const isFrame = (view: View, at: number) => isSkipped(view.u32(at)) || view.u32(at) === 0xfd2fb528;

function endOfFrame(view: View, from: number): number | undefined {
  const flags = view.u8(from + 4);
  const single = (flags & 0x20) !== 0;
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0;
  let at = from + 5 + (single ? 0 : 1) + ([0, 1, 2, 4][flags & 3] ?? 0) + sizeBytes;
  for (let n = 0; n < MAX_PARTS; n++) {
    const head = view.u16(at) + view.u8(at + 2) * 65_536;
    if (Number.isNaN(head)) return undefined;
    const isRun = ((head >> 1) & 3) === 1;
    at += 3 + (isRun ? 1 : head >> 3);
    if (head & 1) return at + (flags & 4 ? 4 : 0);
  }
  return undefined;
}

/** The last footer whose checksum is right. */
export function endOfXz(view: View): number | undefined {
  for (let end = view.size; end > 12; end -= 65_536) {
    const from = Math.max(0, end - 65_536 - 12);
    const block = view.bytes(from, end - from);
    for (let hit = block.lastIndexOf('YZ'); hit >= 10; hit = block.lastIndexOf('YZ', hit - 1)) {
      const footer = block.subarray(hit - 10, hit);
      if (footer.readUInt32LE(0) === crc32(footer.subarray(4))) return from + hit + 2;
    }
  }
  return undefined;
}
