import type { FileType } from '../../analysis/stage.ts';
import { utf16 } from '../../documents/bytes.ts';
import type { View } from './ends/view.ts';

/** What people need to know of something that stands where nothing should. */
export type What =
  | 'program'
  | 'archive'
  | 'script'
  | 'page'
  | 'document'
  | 'picture'
  | 'film'
  | 'certificate'
  | 'text'
  | 'padding'
  | 'data';

export interface Sniffed {
  what: What;
  /** Where it is a format whose end can be said. */
  type?: FileType;
}

const hex = (text: string) => Buffer.from(text, 'hex');
const ascii = (text: string) => Buffer.from(text, 'latin1');

const marks: readonly (readonly [Buffer, number, Sniffed])[] = [
  [hex('7f454c46'), 0, { what: 'program', type: 'elf' }],
  [hex('cffaedfe'), 0, { what: 'program', type: 'macho' }],
  [hex('cefaedfe'), 0, { what: 'program', type: 'macho' }],
  [ascii('dex\n03'), 0, { what: 'program' }],
  [ascii('PK\x03\x04'), 0, { what: 'archive', type: 'zip' }],
  [ascii('PK\x07\x08PK\x03\x04'), 0, { what: 'archive', type: 'zip' }],
  [ascii('Rar!\x1a\x07'), 0, { what: 'archive', type: 'rar' }],
  [hex('377abcaf271c'), 0, { what: 'archive', type: '7z' }],
  [hex('1f8b08'), 0, { what: 'archive', type: 'gzip' }],
  [hex('fd377a585a00'), 0, { what: 'archive', type: 'xz' }],
  [hex('28b52ffd'), 0, { what: 'archive', type: 'zstd' }],
  [ascii('MSCF\0\0\0\0'), 0, { what: 'archive', type: 'cab' }],
  [ascii('!<arch>\n'), 0, { what: 'archive' }],
  [ascii('xar!'), 0, { what: 'archive' }],
  [ascii('LZIP\x01'), 0, { what: 'archive' }],
  [ascii('hsqs'), 0, { what: 'archive' }],
  [ascii('MSWIM\0\0\0'), 0, { what: 'archive' }],
  [hex('edabeedb'), 0, { what: 'archive' }],
  [ascii('070701'), 0, { what: 'archive' }],
  [ascii('**ACE**'), 7, { what: 'archive' }],
  [ascii('ustar'), 257, { what: 'archive', type: 'tar' }],
  [ascii('%PDF-'), 0, { what: 'document', type: 'pdf' }],
  [hex('d0cf11e0a1b11ae1'), 0, { what: 'document', type: 'ole' }],
  [ascii('{\\rt'), 0, { what: 'document', type: 'rtf' }],
  [hex('4c0000000114020000000000c000000000000046'), 0, { what: 'script' }],
  [hex('ffd8ff'), 0, { what: 'picture', type: 'jpeg' }],
  [hex('89504e470d0a1a0a'), 0, { what: 'picture', type: 'png' }],
  [ascii('GIF87a'), 0, { what: 'picture', type: 'gif' }],
  [ascii('GIF89a'), 0, { what: 'picture', type: 'gif' }],
  [ascii('WEBP'), 8, { what: 'picture', type: 'webp' }],
];

/** Signed data of PKCS #7, as Authenticode has it. */
const PKCS7 = hex('06092a864886f70d010702');

/** What begins at a place. */
export function sniff(view: View): Sniffed {
  const head = view.bytes(0, 4096);
  for (const [mark, at, sniffed] of marks)
    if (head.subarray(at, at + mark.length).equals(mark)) return sniffed;
  if (isBzip2(head)) return { what: 'archive' };
  if (head[0] === 0x30 && head.subarray(0, 24).includes(PKCS7)) return { what: 'certificate' };
  if (head.toString('latin1', 0, 2) === 'MZ' && isProgram(view, head)) return { what: 'program', type: 'pe' };
  if (/^(?:ftyp|moov|mdat|moof)$/.test(head.toString('latin1', 4, 8))) return { what: 'film', type: 'mp4' };
  const text = textOf(head);
  return text === undefined ? { what: 'data' } : { what: kindOfText(text) };
}

function isBzip2(head: Buffer): boolean {
  return /^BZh[1-9]1AY&SY/.test(head.toString('latin1', 0, 10));
}

/** With the header that Windows reads; `MZ` alone stands in noise, too. */
export function isProgram(view: View, head: Buffer): boolean {
  if (head.length < 64) return false;
  const at = head.readUInt32LE(60);
  return at < 0x10_0000 && /^(?:PE\0\0|NE|LE|LX)/.test(view.text(at, 4));
}

function textOf(head: Buffer): string | undefined {
  if (head.length < 4) return undefined;
  const wide = head[0] === 0xff && head[1] === 0xfe;
  const text = wide ? utf16(head.subarray(2)) : head.toString('latin1');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what text does not have
  const strange = text.match(/[\x00-\x08\x0e-\x1f\x7f]/g)?.length ?? 0;
  const high = wide ? 0 : (text.match(/[\x80-\xff]/g)?.length ?? 0);
  return strange === 0 && high * 2 <= text.length ? text : undefined;
}

const script =
  /^\s*(?:#!\s*\/|<\?php|<\?=|<%|@echo\b|<job\b|<package\b|\[InternetShortcut\])|\bpowershell(?:\.exe)?\s+-|\bcmd(?:\.exe)?\s+\/c|\b(?:CreateObject|WScript\.|ActiveXObject|eval\s*\(|IEX\b|Invoke-Expression|New-Object\s|document\.write|fromCharCode|base64_decode|os\.system|subprocess\.)|<\?php\s/i;
const page = /<(?:!doctype\s+html|html|head|body|script|iframe|svg|hta:application)\b/i;

function kindOfText(text: string): What {
  if (script.test(text)) return 'script';
  return page.test(text) ? 'page' : 'text';
}
