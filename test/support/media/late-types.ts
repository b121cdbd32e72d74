/** Files whose type is told by bytes far behind their beginning, as programs write them. */
import { deflateSync } from 'node:zlib';

/** A TIFF as libtiff writes it: its directory is behind its pixels. */
export function tiff({ pixels = 300_000, tags = [] as [tag: number, value: number][] } = {}): Buffer {
  const entries: [tag: number, type: number, count: number, value: number][] = [
    [256, 4, 1, pixels],
    [257, 4, 1, 1],
    [258, 3, 1, 8],
    [259, 3, 1, 1],
    [262, 3, 1, 1],
    [273, 4, 1, 8],
    [277, 3, 1, 1],
    [278, 4, 1, 1],
    [279, 4, 1, pixels],
    ...tags.map(([tag, value]) => [tag, 1, 4, value] as [number, number, number, number]),
  ];
  const directory = Buffer.alloc(2 + entries.length * 12 + 4);
  directory.writeUInt16LE(entries.length);
  entries.forEach(([tag, type, count, value], n) => {
    const at = 2 + n * 12;
    directory.writeUInt16LE(tag, at);
    directory.writeUInt16LE(type, at + 2);
    directory.writeUInt32LE(count, at + 4);
    directory.writeUInt32LE(value, at + 8);
  });
  const head = Buffer.from('49492a0000000000', 'hex');
  head.writeUInt32LE(8 + pixels, 4);
  return Buffer.concat([head, Buffer.alloc(pixels, 0x80), directory]);
}

/** A camera's raw picture, which is a TIFF but for one tag. */
export const dng = (pixels?: number) => tiff({ pixels, tags: [[50706, 0x0401]] });

function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, Buffer.from(type), data, Buffer.alloc(4)]);
}

/** A PNG with a large colour profile or text before its pixels, moving or not. */
export function png({ before = 200_000, isMoving = false } = {}): Buffer {
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', Buffer.from('00000001000000010800000000', 'hex')),
    chunk('iCCP', Buffer.alloc(before)),
    ...(isMoving ? [chunk('acTL', Buffer.alloc(8))] : []),
    chunk('IDAT', deflateSync(Buffer.alloc(2))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** An MP3 with a large picture in the tag before its sound. */
export function mp3(picture = 200_000): Buffer {
  const size = Buffer.from([21, 14, 7, 0].map((shift) => (picture >> shift) & 0x7f));
  const frame = Buffer.concat([Buffer.from('fffb9064', 'hex'), Buffer.alloc(413)]);
  return Buffer.concat([Buffer.from('ID3\x03\x00\x00'), size, Buffer.alloc(picture), frame, frame]);
}

function entry(name: string, data: Buffer): Buffer {
  const head = Buffer.alloc(30);
  head.write('PK\x03\x04');
  head.writeUInt32LE(data.length, 18);
  head.writeUInt32LE(data.length, 22);
  head.writeUInt16LE(name.length, 26);
  return Buffer.concat([head, Buffer.from(name), data]);
}

const word = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml';

/** A ZIP of a large film and, where it is a document, what says so behind it. */
export function zip({ film = 200_000, isDocument = false } = {}): Buffer {
  const types = `<Types><Override PartName="/word/document.xml" ContentType="${word}"/></Types>`;
  return Buffer.concat([
    entry(isDocument ? 'word/media/film.mp4' : 'film.mp4', Buffer.alloc(film, 1)),
    ...(isDocument ? [entry('[Content_Types].xml', Buffer.from(types))] : []),
    entry('end', Buffer.alloc(1)),
  ]);
}

function box(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length + 8);
  head.write(type, 4);
  return Buffer.concat([head, data]);
}

/** A film as older cameras write it, without `ftyp` and with its pictures before its directory. */
export const quickTime = () =>
  Buffer.concat([
    box('wide', Buffer.alloc(0)),
    box('mdat', Buffer.alloc(200_000)),
    box('moov', Buffer.alloc(100)),
  ]);

/** An MP4 whose pictures are before its directory. */
export const mp4 = () =>
  Buffer.concat([
    box('ftyp', Buffer.from('isom\0\0\x02\0isommp41')),
    box('free', Buffer.alloc(100_000)),
    box('mdat', Buffer.alloc(100_000)),
    box('moov', Buffer.alloc(100)),
  ]);
