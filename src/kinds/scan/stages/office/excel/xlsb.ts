import { utf16, viewOf } from '../../../documents/bytes.ts';

const SUPPORTING_BOOK = 0x168;
const DDE = 1;

/** `service|topic` of each link by dynamic data exchange in a part of a binary workbook (MS-XLSB 2.4.152). */
export function ddeLinksOfBinaryPart(part: Uint8Array): string[] {
  const view = viewOf(part);
  const found: string[] = [];
  const number = (from: number, most: number) => {
    let value = 0;
    for (let index = 0; index < most; index++) {
      const byte = part[from + index] ?? 0;
      value += (byte & 0x7f) * 2 ** (7 * index);
      if ((byte & 0x80) === 0) return { value, next: from + index + 1 };
    }
    return { value, next: from + most };
  };
  const text = (from: number) => {
    const length = from + 4 <= part.length ? view.getUint32(from, true) : 0;
    const end = from + 4 + 2 * (length === 0xffffffff ? 0 : length);
    return { value: utf16(part.subarray(from + 4, Math.min(end, from + 4096))), next: end };
  };
  for (let at = 0; at + 2 <= part.length && found.length < 50; ) {
    const low = part[at] as number;
    const id = (low & 0x80) === 0 ? low : (low & 0x7f) + (((part[at + 1] as number) & 0x7f) << 7);
    const size = number(at + ((low & 0x80) === 0 ? 1 : 2), 4);
    if (id === SUPPORTING_BOOK && size.next + 2 <= part.length && view.getUint16(size.next, true) === DDE) {
      const service = text(size.next + 2);
      found.push(`${service.value}|${text(service.next).value}`);
    }
    at = size.next + size.value;
  }
  return found;
}
