import { bufferOf, latin1, utf16, viewOf } from './bytes.ts';
import { isCompoundFile } from './compound-file.ts';
import { type OlePackage, readOlePackage } from './ole-package.ts';
import type { RtfObject } from './rtf.ts';

/** What an `\objdata` holds, when it can be read as an object of OLE 1. */
export interface OleObject {
  className: string;
  linked: boolean;
  /** Of a link: what it points to. */
  topic: string;
  data: Uint8Array;
  cutOff: boolean;
}

/**
 * An object as OLE 1 writes it: version, form, name of its class, topic, item, then its bytes. Those who hide write any
 * version, which Word doesn't look at, and so does nobody here.
 */
export function readOleObject(bytes: Uint8Array): OleObject | null {
  const view = viewOf(bytes);
  let at = 8;
  const text = () => {
    if (at + 4 > bytes.length) return null;
    const length = view.getUint32(at, true);
    if (length > 4096 || at + 4 + length > bytes.length) return null;
    const found = latin1(bytes.subarray(at + 4, at + 4 + length)).replace(/\0.*$/s, '');
    at += 4 + length;
    return found;
  };
  if (bytes.length < 12) return null;
  const form = view.getUint32(4, true);
  if (form === 0 || form > 5) return null;
  const className = text();
  const topic = className === null ? null : text();
  const item = topic === null ? null : text();
  if (className === null || topic === null || item === null) return null;
  if (form === 1) return { className, linked: true, topic, data: bytes.subarray(at), cutOff: false };
  if (at + 4 > bytes.length)
    return { className, linked: false, topic, data: bytes.subarray(at), cutOff: true };
  const size = view.getUint32(at, true);
  const data = bytes.subarray(at + 4, at + 4 + size);
  return { className, linked: false, topic, data, cutOff: data.length < size };
}

/** An object's data, with the groups that a reader may skip where only these make it an object. */
export function objectData({ data, withGroups }: Pick<RtfObject, 'data' | 'withGroups'>): Uint8Array {
  if (!withGroups || readOleObject(data.bytes)) return data.bytes;
  return readOleObject(withGroups.bytes) ? withGroups.bytes : data.bytes;
}

/** The file that an object holds, as far as it holds one. */
export function contentOf(raw: Uint8Array): {
  object: OleObject | null;
  packaged: OlePackage | null;
  content: Uint8Array;
} {
  const object = readOleObject(raw);
  if (object && object.data.length > 0) {
    const packaged = isCompoundFile(object.data) ? null : readOlePackage(object.data);
    const isPackage = packaged && (/^package/i.test(object.className) || packaged.data.length > 0);
    return {
      object,
      packaged: isPackage ? packaged : null,
      content: isPackage ? packaged.data : object.data,
    };
  }
  // Word is not strict about what stands before a compound file.
  const compound = bufferOf(raw).indexOf(Buffer.from('d0cf11e0a1b11ae1', 'hex'));
  return { object, packaged: null, content: compound >= 0 ? raw.subarray(compound) : raw };
}

/** Texts in UTF-16 or Latin-1 that look like an address of another machine, as monikers carry it. */
export function remoteAddressIn(bytes: Uint8Array): string | null {
  const remote = /(?:(?:https?|ftp):\/\/[\w.-]|\\\\[\w.-]{2,64}\\)[\w\-.~:/?#[\]@!$&'()*+,;=%\\]*/i;
  const even = remote.exec(utf16(bytes))?.[0];
  const odd = remote.exec(utf16(bytes.subarray(1)))?.[0];
  return even ?? odd ?? remote.exec(latin1(bytes))?.[0] ?? null;
}
