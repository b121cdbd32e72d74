import { inflateSync } from 'node:zlib';
import { viewOf } from './bytes.ts';

/** A compound file within `PowerPoint Document`: an embedded object, a control, or the VBA project. */
export interface PptObject {
  offset: number;
  /** Null where it is damaged or too large. */
  content: Uint8Array | null;
}

const EXTERNAL_OBJECT = 0x1011;
const MOST = 200;
const LARGEST = 32 * 1024 ** 2;

/** Goes over the records of MS-PPT, containers in depth, for the objects that they hold. */
export function readPptObjects(stream: Uint8Array): { objects: PptObject[]; cutOff: boolean } {
  const view = viewOf(stream);
  const objects: PptObject[] = [];
  let cutOff = false;
  let left = 2 * LARGEST;
  for (let at = 0; at + 8 <= stream.length && objects.length < MOST; ) {
    const versionAndInstance = view.getUint16(at, true);
    const type = view.getUint16(at + 2, true);
    const size = view.getUint32(at + 4, true);
    // A container is entered by not stepping over it.
    if ((versionAndInstance & 0xf) === 0xf) {
      at += 8;
      continue;
    }
    if (type === EXTERNAL_OBJECT) {
      const body = stream.subarray(at + 8, at + 8 + size);
      const packed = versionAndInstance >> 4 === 1;
      const content = packed ? inflated(body.subarray(4), Math.min(LARGEST, left)) : body;
      left -= content?.length ?? 0;
      objects.push({ offset: at, content });
    }
    if (at + 8 + size > stream.length) cutOff = true;
    at += 8 + size;
  }
  return { objects, cutOff };
}

function inflated(packed: Uint8Array, limit: number): Uint8Array | null {
  if (limit <= 0) return null;
  try {
    return inflateSync(packed, { maxOutputLength: limit });
  } catch {
    return null;
  }
}
