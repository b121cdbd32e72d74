import { bufferOf } from '../../documents/bytes.ts';

/** What the head of a mail says of its parts. */
interface Head {
  /** Where the body begins. */
  body: number;
  multipart: string | null;
  boundary: string | null;
}

function headOf(text: string): Head {
  const end = /\r?\n\r?\n/.exec(text);
  const head = (end ? text.slice(0, end.index) : text).replaceAll(/\r?\n[ \t]+/g, ' ');
  const type = /^content-type[ \t]*:[ \t]*multipart\/(\w+)([^\r\n]*)/im.exec(head);
  const boundary = type && /boundary\s*=\s*(?:"([^"]*)"|([^\s;"]+))/i.exec(type[2] as string);
  return {
    body: end ? end.index + end[0].length : text.length,
    multipart: type?.[1] ?? null,
    boundary: boundary?.[1] ?? boundary?.[2] ?? null,
  };
}

/** Whether the line that ends the parts of a mail is missing: it was cut off. */
export function lacksEnd(mail: Uint8Array): boolean {
  const buffer = bufferOf(mail);
  const { boundary, multipart } = headOf(buffer.toString('latin1', 0, 262_144));
  if (!multipart || !boundary) return false;
  return !buffer.includes(Buffer.from(`--${boundary}--`, 'latin1'));
}

/**
 * A mail whose head names a boundary that its body doesn't have, or none: the same mail with the boundary that the body
 * has, by the first line that begins like one and is followed by a part's head. Null where nothing is to be mended.
 */
export function withFoundBoundary(mail: Uint8Array): Uint8Array | null {
  const text = bufferOf(mail).toString('latin1', 0, 1024 ** 2);
  const { body, multipart, boundary } = headOf(text);
  const rest = text.slice(body);
  if (boundary && (rest.startsWith(`--${boundary}`) || rest.includes(`\n--${boundary}`))) return null;
  const found = /^--([^\s"]{1,200})[ \t]*\r?\n(?:[\w-]+:[^\n]*\n)*content-[\w-]+:/im.exec(rest)?.[1];
  if (!found) return null;
  const head = `Content-Type: multipart/${multipart ?? 'mixed'}; boundary="${found}"\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), mail.subarray(body)]);
}

/** Programs write a sentence before the first part, for readers without MIME. */
const USUAL_PREAMBLE = 500;

/** What a multipart mail has before its first part, beyond the usual, and after its last: no program shows it. */
export function outsideParts(mail: Uint8Array): { name: string; bytes: Uint8Array }[] {
  const buffer = bufferOf(mail);
  const { body, boundary } = headOf(buffer.toString('latin1', 0, 262_144));
  if (!boundary) return [];
  const line = Buffer.from(`\n--${boundary}`, 'latin1');
  const first = buffer.indexOf(line, Math.max(0, body - 1));
  const last = buffer.indexOf(Buffer.concat([line, Buffer.from('--')]), Math.max(0, body - 1));
  const preamble = mail.subarray(body, Math.max(body, first));
  const epilogue = last < 0 ? new Uint8Array() : mail.subarray(last + line.length + 2);
  return [
    { name: 'preamble.txt', bytes: preamble, least: USUAL_PREAMBLE },
    { name: 'epilogue.txt', bytes: epilogue, least: 0 },
  ].filter(({ bytes, least }) => bytes.length > least && bytes.some((byte) => byte > 0x20));
}
