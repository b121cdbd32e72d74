import { latin1, utf16, viewOf } from '../../../documents/bytes.ts';

export interface BiffSheet {
  name: string;
  macro: boolean;
  hidden: boolean;
}

/** What of a workbook in BIFF 5 or 8 (MS-XLS) can act. */
export interface BiffWorkbook {
  encrypted: boolean;
  sheets: BiffSheet[];
  /** Names that Excel runs when it opens or closes the workbook. */
  automaticNames: string[];
  /** `service|topic` of each link by dynamic data exchange. */
  ddeLinks: string[];
  /** Functions in macro sheets that execute something, each once. */
  executes: string[];
  /** Records end in the midst of one. */
  cutOff: boolean;
}

const BOF = 0x0809;
const EOF = 0x000a;
const BOUNDSHEET = 0x0085;
const NAME = 0x0018;
const FORMULA = 0x0006;
const FILEPASS = 0x002f;
const SUPBOOK = 0x01ae;
const EXTERNSHEET = 0x0017;
const MACRO_SHEET = 0x40;
const MOST = 200;

/** Built-in names 1, 2, 10 and 11 are run: `Auto_Open`, `Auto_Close`, `Auto_Activate`, `Auto_Deactivate`. */
const builtIn: Record<number, string> = {
  1: 'Auto_Open',
  2: 'Auto_Close',
  10: 'Auto_Activate',
  11: 'Auto_Deactivate',
};

/** Functions of Excel 4 by their number (MS-XLS, Ftab) that start, write or call something. */
const executing: Record<number, string> = {
  110: 'EXEC',
  132: 'FOPEN',
  137: 'FWRITELN',
  138: 'FWRITE',
  149: 'REGISTER',
  150: 'CALL',
};

export function readBiff(stream: Uint8Array): BiffWorkbook {
  const view = viewOf(stream);
  const book: BiffWorkbook = {
    encrypted: false,
    sheets: [],
    automaticNames: [],
    ddeLinks: [],
    executes: [],
    cutOff: false,
  };
  let inMacroSheet = false;
  let version = 0x0600;
  let depth = 0;
  for (let at = 0; at + 4 <= stream.length; ) {
    const id = view.getUint16(at, true);
    const content = stream.subarray(at + 4, at + 4 + view.getUint16(at + 2, true));
    const short = at + 4 + view.getUint16(at + 2, true) > stream.length;
    // After the last sheet, zeros may fill the stream.
    if (id === 0 && depth === 0) break;
    if (short) {
      book.cutOff = true;
      break;
    }
    if (id === BOF) {
      depth++;
      version = content.length >= 2 ? viewOf(content).getUint16(0, true) : version;
      inMacroSheet = content.length >= 4 && viewOf(content).getUint16(2, true) === MACRO_SHEET;
    } else if (id === EOF) depth = Math.max(0, depth - 1);
    else if (id === FILEPASS) book.encrypted = true;
    // Only the types of records can be read then.
    else if (!book.encrypted) readRecord(book, id, content, version >= 0x0600, inMacroSheet);
    at += 4 + content.length;
  }
  book.cutOff ||= depth > 0;
  return book;
}

function readRecord(
  book: BiffWorkbook,
  id: number,
  content: Uint8Array,
  unicode: boolean,
  inMacroSheet: boolean,
) {
  const view = viewOf(content);
  if (id === BOUNDSHEET && content.length >= 7 && book.sheets.length < MOST) {
    const flags = view.getUint16(4, true);
    book.sheets.push({
      name: text(content.subarray(7), content[6] as number, unicode),
      macro: ((flags >> 8) & 0xff) === 1,
      hidden: (flags & 3) !== 0,
    });
  } else if (id === NAME) readName(book, content, unicode);
  else if (id === SUPBOOK && content.length > 4) {
    link(book, text(content.subarray(4), view.getUint16(2, true), unicode));
  } else if (id === EXTERNSHEET && !unicode && content.length > 1) {
    link(book, text(content.subarray(1), content[0] as number, unicode));
  } else if (id === FORMULA && inMacroSheet) readFormula(book, content);
}

function readName(book: BiffWorkbook, content: Uint8Array, unicode: boolean): void {
  if (content.length < 15) return;
  const isBuiltIn = (viewOf(content).getUint16(0, true) & 0x20) !== 0;
  const nameText = content.subarray(14);
  const length = content[3] as number;
  const name = isBuiltIn
    ? builtIn[nameText[unicode ? 1 : 0] ?? 0]
    : text(nameText, length, unicode).replaceAll(/[^\x20-\x7e]/g, '');
  if (
    name &&
    /^(?:_xlnm\.)?auto_(?:open|close|activate|deactivate)/i.test(name) &&
    book.automaticNames.length < MOST
  ) {
    book.automaticNames.push(name);
  }
}

/** A link by DDE names service and topic with the character 3 between them. */
function link(book: BiffWorkbook, target: string): void {
  const [service, ...topic] = target.split('\x03');
  if (topic.length > 0 && service && book.ddeLinks.length < MOST) {
    book.ddeLinks.push(`${service.replaceAll(/[^\x20-\uffff]/g, '')}|${topic.join('|')}`);
  }
}

/** Goes over the bytes of a parsed expression for calls of a function with a variable number of arguments. */
function readFormula(book: BiffWorkbook, content: Uint8Array): void {
  const view = viewOf(content);
  for (let at = 22; at + 3 < content.length; at++) {
    const token = (content[at] as number) & 0x1f;
    if (token !== 0x02 || ((content[at] as number) & 0x60) === 0) continue;
    const name = executing[view.getUint16(at + 2, true)];
    if (name && (content[at + 1] as number) < 30 && !book.executes.includes(name)) book.executes.push(name);
  }
}

function text(bytes: Uint8Array, length: number, unicode: boolean): string {
  if (!unicode) return latin1(bytes.subarray(0, length));
  const wide = ((bytes[0] ?? 0) & 1) !== 0;
  return wide ? utf16(bytes.subarray(1, 1 + 2 * length)) : latin1(bytes.subarray(1, 1 + length));
}
