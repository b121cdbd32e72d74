import type { View } from './view.ts';

const MAX_PARTS = 100_000;
const BLOCK = 65_536;

/** Behind the mark of its end; entropy-coded data is passed over, since only markers matter. */
export function endOfJpeg(view: View): number | undefined {
  if (view.u16be(0) !== 0xffd8) return undefined;
  let at = 2;
  for (let n = 0; n < MAX_PARTS; n++) {
    const marker = view.u16be(at);
    if (marker === 0xffd9) return at + 2;
    if (marker === 0xffff) at++;
    else if (!(marker >= 0xff01)) return undefined;
    else if (marker === 0xff01 || (marker >= 0xffd0 && marker <= 0xffd7)) at += 2;
    else {
      const length = view.u16be(at + 2);
      if (!(length >= 2)) return undefined;
      at += 2 + length;
      if (marker === 0xffda) {
        const next = markerBehindData(view, at);
        if (next === undefined) return undefined;
        at = next;
      }
    }
  }
  return undefined;
}

function markerBehindData(view: View, from: number): number | undefined {
  for (let at = from; at < view.size; ) {
    const block = view.bytes(at, BLOCK);
    for (
      let hit = block.indexOf(0xff);
      hit >= 0 && hit + 1 < block.length;
      hit = block.indexOf(0xff, hit + 1)
    ) {
      const next = block[hit + 1] as number;
      if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at + hit;
    }
    // The last byte may be the first half of a marker.
    at += Math.max(1, block.length - 1);
    if (block.length < 2) return undefined;
  }
  return undefined;
}

export function endOfPng(view: View): number | undefined {
  let at = 8;
  for (let n = 0; n < MAX_PARTS; n++) {
    const length = view.u32be(at);
    if (!(length <= view.size)) return undefined;
    const kind = view.text(at + 4, 4);
    at += 12 + length;
    if (kind === 'IEND') return view.within(at);
  }
  return undefined;
}

export function endOfGif(view: View): number | undefined {
  const colours = (flags: number) => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);
  let at = 13 + colours(view.u8(10));
  for (let n = 0; n < MAX_PARTS; n++) {
    const kind = view.u8(at);
    if (kind === 0x3b) return at + 1;
    if (kind === 0x21) at += 2;
    else if (kind === 0x2c) at += 10 + colours(view.u8(at + 9)) + 1;
    else return undefined;
    for (let length = view.u8(at); length !== 0; length = view.u8(at)) {
      if (Number.isNaN(length)) return undefined;
      at += 1 + length;
    }
    at++;
  }
  return undefined;
}

/** By the size in its header, or that of its pixels where a writer left it out. */
export function endOfBmp(view: View): number | undefined {
  const told = view.u32(2);
  const [pixelsAt, width, height] = [view.u32(10), view.u32(18), Math.abs(view.u32(22) | 0)];
  const row = Math.floor((width * view.u16(28) + 31) / 32) * 4;
  const isPlain = view.u32(14) >= 40 && view.u32(30) === 0;
  const pixels = isPlain ? pixelsAt + row * height : 0;
  return view.within(Math.max(pixels, told > 26 && told <= view.size ? told : 0));
}

export function endOfIco(view: View): number | undefined {
  const count = view.u16(4);
  let end = 6 + 16 * count;
  for (let n = 0; n < count; n++) end = Math.max(end, view.u32(6 + 16 * n + 8) + view.u32(6 + 16 * n + 12));
  return view.within(end);
}

/** The farthest byte that a directory points to. */
export function endOfTiff(view: View): number | undefined {
  const little = view.u16be(0) === 0x4949;
  const u16 = little ? view.u16 : view.u16be;
  const u32 = little ? view.u32 : view.u32be;
  if (u16(2) !== 42) return undefined;
  const sizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];
  let end = 8;
  const waiting = [u32(4)];
  const seen = new Set<number>();
  while (waiting.length > 0 && seen.size < 1000) {
    const at = waiting.pop() as number;
    if (at === 0 || seen.has(at)) continue;
    seen.add(at);
    const count = u16(at);
    if (Number.isNaN(count)) return undefined;
    const lists = new Map<number, number[]>();
    for (let n = 0; n < count; n++) {
      const entry = at + 2 + 12 * n;
      const [tag, type, items] = [u16(entry), u16(entry + 2), u32(entry + 4)];
      const size = (sizes[type] ?? 0) * items;
      const valuesAt = size > 4 ? u32(entry + 8) : entry + 8;
      if (!(valuesAt + size <= view.size)) return undefined;
      end = Math.max(end, valuesAt + size);
      // Other directories, and where strips and tiles are and how long.
      if (![330, 34_665, 34_853, 40_965, 273, 279, 324, 325, 513, 514].includes(tag)) continue;
      const read = type === 3 ? u16 : u32;
      const step = type === 3 ? 2 : 4;
      lists.set(
        tag,
        Array.from({ length: Math.min(items, 100_000) }, (_, item) => read(valuesAt + item * step)),
      );
    }
    for (const tag of [330, 34_665, 34_853, 40_965]) waiting.push(...(lists.get(tag) ?? []));
    for (const [places, lengths] of [
      [273, 279],
      [324, 325],
      [513, 514],
    ] as const)
      for (const [n, place] of (lists.get(places) ?? []).entries())
        end = Math.max(end, place + (lists.get(lengths)?.[n] ?? 0));
    const next = at + 2 + 12 * count;
    end = Math.max(end, next + 4);
    waiting.push(u32(next));
  }
  return view.within(end);
}
