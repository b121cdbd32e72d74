import type { ScannedFile } from '../../analysis/stage.ts';

const MAX_MARKERS = 200;

/** Width and height of a picture, from its header. */
export function dimensionsOf(file: ScannedFile): { width: number; height: number } | undefined {
  const head = Buffer.from(file.read(0, 32));
  if (head.length < 26) return undefined;
  if (file.type === 'png') return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
  if (file.type === 'gif') return { width: head.readUInt16LE(6), height: head.readUInt16LE(8) };
  if (file.type === 'bmp') return { width: head.readInt32LE(18), height: Math.abs(head.readInt32LE(22)) };
  if (file.type === 'jpeg') return jpegDimensions(file);
  return undefined;
}

/** From the first frame header among the segments of a JPEG. */
function jpegDimensions(file: ScannedFile): { width: number; height: number } | undefined {
  for (let at = 2, count = 0; count < MAX_MARKERS; count++) {
    const segment = Buffer.from(file.read(at, at + 9));
    if (segment.length < 9 || segment[0] !== 0xff) return undefined;
    const marker = segment[1] as number;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: segment.readUInt16BE(5), width: segment.readUInt16BE(7) };
    at += marker === 0xff ? 1 : 2 + segment.readUInt16BE(2);
  }
  return undefined;
}
