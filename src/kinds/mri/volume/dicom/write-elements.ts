import type { Attribute } from './attributes.ts';

/** An attribute with what is to be written: text is padded with a blank, binary values are bytes already. */
export type Element =
  | { attribute: Attribute; text: string }
  | { attribute: Attribute; bytes: Uint8Array }
  | { attribute: Attribute; items: readonly (readonly Element[])[] };

const LONG = new Set(['OW', 'SQ']);
const PREAMBLE = 128;
/** Of this project's making. UIDs below `2.25` are UUIDs, and need no registration. */
const IMPLEMENTATION = '2.25.140903180219415853157640207813158041297';
const VERSION = { tag: 'x00020001', vr: 'OB' };

/** A file in the explicit little-endian syntax, or another one of which the pixels are given as they are. */
export function writeDicom(
  elements: readonly Element[],
  {
    sopClass,
    sopInstance,
    transferSyntax,
  }: { sopClass: string; sopInstance: string; transferSyntax: string },
): Buffer {
  const uid = (tag: string, text: string) => header(tag, 'UI', padded(text, '\0'));
  const meta = Buffer.concat([
    header(VERSION.tag, VERSION.vr, Uint8Array.of(0, 1)),
    uid('x00020002', sopClass),
    uid('x00020003', sopInstance),
    uid('x00020010', transferSyntax),
    uid('x00020012', IMPLEMENTATION),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  return Buffer.concat([
    Buffer.alloc(PREAMBLE),
    Buffer.from('DICM', 'latin1'),
    header('x00020000', 'UL', length),
    meta,
    written(elements),
  ]);
}

function written(elements: readonly Element[]): Buffer {
  const inOrder = [...elements].sort((one, other) => (one.attribute.tag < other.attribute.tag ? -1 : 1));
  return Buffer.concat(inOrder.map(writtenOne));
}

function writtenOne(element: Element): Buffer {
  const { tag, vr } = element.attribute;
  if ('items' in element) {
    const items = element.items.map((item) => {
      const content = written(item);
      return Buffer.concat([itemHead(content.length), content]);
    });
    return header(tag, vr, Buffer.concat(items));
  }
  if ('text' in element) return header(tag, vr, padded(element.text, vr === 'UI' ? '\0' : ' '));
  return header(tag, vr, element.bytes);
}

function itemHead(length: number): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16LE(0xfffe, 0);
  head.writeUInt16LE(0xe000, 2);
  head.writeUInt32LE(length, 4);
  return head;
}

function header(tag: string, vr: string, content: Uint8Array): Buffer {
  const long = LONG.has(vr) || vr === 'OB';
  const even = content.length + (content.length % 2);
  const bytes = Buffer.alloc((long ? 12 : 8) + even);
  bytes.writeUInt16LE(Number.parseInt(tag.slice(1, 5), 16), 0);
  bytes.writeUInt16LE(Number.parseInt(tag.slice(5, 9), 16), 2);
  bytes.write(vr, 4, 'latin1');
  if (long) bytes.writeUInt32LE(even, 8);
  else bytes.writeUInt16LE(even, 6);
  bytes.set(content, long ? 12 : 8);
  return bytes;
}

function padded(text: string, by: string): Uint8Array {
  return Buffer.from(text.length % 2 === 0 ? text : text + by, 'latin1');
}

/** Pixels that are packed, one fragment a frame. */
export function encapsulated(frames: readonly Uint8Array[]): Buffer {
  const tag = Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x42, 0, 0, 0xff, 0xff, 0xff, 0xff]);
  const end = Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
  const fragments = frames.map((frame) => {
    const content = Buffer.concat([frame, Buffer.alloc(frame.length % 2)]);
    return Buffer.concat([itemHead(content.length), content]);
  });
  return Buffer.concat([tag, itemHead(0), ...fragments, end]);
}
