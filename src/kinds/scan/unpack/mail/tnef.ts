import { latin1, viewOf } from '../../documents/bytes.ts';
import type { MailAttachment } from './attachment.ts';

const SIGNATURE = 0x223e9f78;
const TITLE = 0x00018010;
const DATA = 0x0006800f;
const RENDERING = 0x00069002;

export function isTnef(bytes: Uint8Array): boolean {
  return bytes.length > 6 && viewOf(bytes).getUint32(0, true) === SIGNATURE;
}

/** The attachments of a `winmail.dat` (MS-OXTNEF), as Outlook sends them to those who use something else. */
export function tnefAttachments(bytes: Uint8Array): { attachments: MailAttachment[]; cutOff: boolean } {
  const view = viewOf(bytes);
  const attachments: MailAttachment[] = [];
  let current: MailAttachment | null = null;
  for (let at = 6; at + 9 <= bytes.length; ) {
    const attribute = view.getUint32(at + 1, true);
    const length = view.getUint32(at + 5, true);
    const content = bytes.subarray(at + 9, at + 9 + length);
    if (content.length < length) return { attachments, cutOff: true };
    if (attribute === RENDERING) {
      current = { name: `attachment-${attachments.length + 1}`, content: new Uint8Array() };
      if (attachments.length < 1000) attachments.push(current);
    } else if (attribute === TITLE && current)
      current.name = latin1(content).replaceAll('\0', '') || current.name;
    else if (attribute === DATA && current) current.content = content;
    // A checksum of two bytes follows.
    at += 9 + length + 2;
  }
  return { attachments, cutOff: false };
}
