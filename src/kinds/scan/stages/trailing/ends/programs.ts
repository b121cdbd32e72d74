import type { View } from './view.ts';

export interface PeParts {
  /** Behind the last section. */
  end: number;
  /** The certificates of Authenticode, which lie behind it. */
  certificates: { from: number; to: number } | undefined;
}

export function partsOfPe(view: View): PeParts | undefined {
  const pe = view.u32(60);
  if (view.text(pe, 4) !== 'PE\0\0') return undefined;
  const [sections, optionalSize] = [view.u16(pe + 6), view.u16(pe + 20)];
  const optional = pe + 24;
  const isWide = view.u16(optional) === 0x20b;
  const table = optional + optionalSize;
  let end = table + 40 * sections;
  for (let n = 0; n < Math.min(sections, 96); n++) {
    const size = view.u32(table + 40 * n + 16);
    if (size > 0) end = Math.max(end, view.u32(table + 40 * n + 20) + size);
  }
  const security = optional + (isWide ? 112 : 96) + 8 * 4;
  const [from, size] = [view.u32(security), view.u32(security + 4)];
  const isThere = security + 8 <= table && size > 8 && from >= end && from + size <= view.size;
  const within = view.within(Math.min(end, view.size));
  return within === undefined
    ? undefined
    : { end: within, certificates: isThere ? { from, to: from + size } : undefined };
}

export function endOfElf(view: View): number | undefined {
  const wide = view.u8(4) === 2;
  const little = view.u8(5) === 1;
  const u16 = little ? view.u16 : view.u16be;
  const u32 = little ? view.u32 : view.u32be;
  const word = wide ? (little ? view.u64 : view.u64be) : u32;
  const at = wide
    ? { segments: 32, sections: 40, counts: 54, offset: 8, size: 32, place: 24, length: 32 }
    : { segments: 28, sections: 32, counts: 42, offset: 4, size: 16, place: 16, length: 20 };
  const [segments, sections] = [word(at.segments), word(at.sections)];
  const [segmentSize, segmentCount] = [u16(at.counts), u16(at.counts + 2)];
  const [sectionSize, sectionCount] = [u16(at.counts + 4), u16(at.counts + 6)];
  let end = Math.max(segments + segmentSize * segmentCount, sections + sectionSize * sectionCount);
  for (let n = 0; n < segmentCount; n++)
    end = Math.max(
      end,
      word(segments + n * segmentSize + at.offset) + word(segments + n * segmentSize + at.size),
    );
  for (let n = 0; n < sectionCount; n++) {
    const header = sections + n * sectionSize;
    // Sections without bits in the file: .bss.
    if (u32(header + 4) !== 8) end = Math.max(end, word(header + at.place) + word(header + at.length));
  }
  return view.within(end);
}

export function endOfMachO(view: View): number | undefined {
  const mark = view.u32be(0);
  if (mark === 0xcafebabe || mark === 0xcafebabf) return endOfFat(view, mark === 0xcafebabf);
  const little = mark === 0xcefaedfe || mark === 0xcffaedfe;
  const wide = mark === 0xcffaedfe || mark === 0xfeedfacf;
  const u32 = little ? view.u32 : view.u32be;
  const u64 = little ? view.u64 : view.u64be;
  let at = wide ? 32 : 28;
  let end = at + u32(20);
  for (let n = 0; n < Math.min(u32(16), 1000); n++) {
    const command = u32(at);
    if (command === 0x19) end = Math.max(end, u64(at + 40) + u64(at + 48));
    if (command === 1) end = Math.max(end, u32(at + 32) + u32(at + 36));
    at += u32(at + 4);
  }
  return view.within(end);
}

function endOfFat(view: View, wide: boolean): number | undefined {
  let end = 0;
  for (let n = 0; n < Math.min(view.u32be(4), 64); n++) {
    const arch = 8 + n * (wide ? 32 : 20);
    end = wide
      ? Math.max(end, view.u64be(arch + 8) + view.u64be(arch + 16))
      : Math.max(end, view.u32be(arch + 8) + view.u32be(arch + 12));
  }
  return view.within(end);
}
