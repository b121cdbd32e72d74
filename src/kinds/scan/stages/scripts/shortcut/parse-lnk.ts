import type { ScannedFile } from '../../../analysis/stage.ts';
import { latin1, utf16 } from '../../../documents/bytes.ts';

/** What a shortcut (MS-SHLLINK) says. What it does not say is `undefined`. */
export interface Shortcut {
  /** The items that lead to the target, as far as they have names: `C:\Windows\System32\cmd.exe`. */
  itemPath?: string;
  localPath?: string;
  networkPath?: string;
  /** From the block that has it with variables, which Windows prefers. */
  environmentPath?: string;
  description?: string;
  relativePath?: string;
  workingDirectory?: string;
  arguments?: string;
  icon?: string;
  machine?: string;
  showCommand: number;
  /** Where its last block ends; what lies behind is not the shortcut's. */
  end: number;
  damaged?: string;
}

const HAS_ITEMS = 1;
const HAS_LINK_INFO = 2;
const IS_UNICODE = 0x80;
const NO_LINK_INFO = 0x100;
/** In the order in which their strings follow each other. */
const strings = [
  [0x4, 'description'],
  [0x8, 'relativePath'],
  [0x10, 'workingDirectory'],
  [0x20, 'arguments'],
  [0x40, 'icon'],
] as const;

const MAX_BLOCKS = 32;
const MAX_ITEMS = 64;
/** Windows takes longer arguments than its own dialog does; the length is a number of two bytes. */
const MAX_READ = 1024 * 1024;

const ENVIRONMENT = 0xa0000001;
const TRACKER = 0xa0000003;
const ICON_ENVIRONMENT = 0xa0000007;

export function parseShortcut(file: ScannedFile): Shortcut {
  const bytes = file.read(0, MAX_READ);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const shortcut: Shortcut = { showCommand: 0, end: buffer.length };
  if (buffer.length < 76) return { ...shortcut, damaged: 'Its header is cut off.' };
  const flags = buffer.readUInt32LE(20);
  shortcut.showCommand = buffer.readUInt32LE(60);
  let at = 76;
  if (flags & HAS_ITEMS) {
    if (at + 2 > buffer.length) return { ...shortcut, damaged: 'Its list of items is cut off.' };
    const size = buffer.readUInt16LE(at);
    const path = itemPath(buffer.subarray(at + 2, at + 2 + size));
    if (path) shortcut.itemPath = path;
    at += 2 + size;
  }
  if (flags & HAS_LINK_INFO && !(flags & NO_LINK_INFO)) {
    if (at + 4 > buffer.length)
      return { ...shortcut, damaged: 'Where it says the place of its target, it is cut off.' };
    const size = buffer.readUInt32LE(at);
    if (at + size > buffer.length) shortcut.damaged = 'Where it says the place of its target, it is cut off.';
    Object.assign(shortcut, linkInfo(buffer.subarray(at, Math.min(at + size, buffer.length))));
    at += Math.max(4, size);
  }
  for (const [flag, name] of strings) {
    if (!(flags & flag)) continue;
    if (at + 2 > buffer.length) return { ...shortcut, damaged: 'Its strings are cut off.' };
    const length = buffer.readUInt16LE(at);
    const width = flags & IS_UNICODE ? 2 : 1;
    const end = at + 2 + length * width;
    shortcut[name] = (width === 2 ? utf16 : latin1)(buffer.subarray(at + 2, end));
    if (end > buffer.length) return { ...shortcut, damaged: 'Its strings are cut off.' };
    at = end;
  }
  shortcut.end = extraBlocks(buffer, at, shortcut);
  return shortcut;
}

function extraBlocks(buffer: Buffer, from: number, shortcut: Shortcut): number {
  let at = from;
  for (let count = 0; count < MAX_BLOCKS && at + 4 <= buffer.length; count++) {
    const size = buffer.readUInt32LE(at);
    if (size < 4) return at + 4;
    const block = buffer.subarray(at, Math.min(at + size, buffer.length));
    if (size > buffer.length - at) shortcut.damaged = 'Its last block is cut off.';
    const signature = block.length >= 8 ? block.readUInt32LE(4) : 0;
    if (signature === ENVIRONMENT) shortcut.environmentPath = pathOfBlock(block);
    if (signature === ICON_ENVIRONMENT) shortcut.icon ??= pathOfBlock(block);
    if (signature === TRACKER) shortcut.machine = untilZero(block.toString('latin1', 16, 32));
    at = Math.min(at + size, buffer.length);
  }
  // Its end is a block without a size.
  shortcut.damaged ??= 'Its end is missing.';
  return at;
}

/** 260 bytes, then 260 characters of the same path; either may be empty. */
function pathOfBlock(block: Buffer): string {
  return untilZero(utf16(block.subarray(268, 788))) || untilZero(block.toString('latin1', 8, 268));
}

function linkInfo(block: Buffer): Partial<Shortcut> {
  if (block.length < 28) return {};
  const headerSize = block.readUInt32LE(4);
  const flags = block.readUInt32LE(8);
  const narrow = (at: number) =>
    at > 0 && at < block.length ? untilZero(block.toString('latin1', at, at + 1024)) : '';
  const wide = (at: number) =>
    at > 0 && at < block.length ? untilZero(utf16(block.subarray(at, at + 2048))) : '';
  const hasWide = headerSize >= 0x24 && block.length >= 0x24;
  const suffix = (hasWide && wide(block.readUInt32LE(32))) || narrow(block.readUInt32LE(24));
  const found: Partial<Shortcut> = {};
  if (flags & 1) {
    const base = (hasWide && wide(block.readUInt32LE(28))) || narrow(block.readUInt32LE(16));
    if (base || suffix) found.localPath = base + suffix;
  }
  const network = block.readUInt32LE(20);
  if (flags & 2 && network > 0 && network + 20 <= block.length) {
    const name = narrow(network + block.readUInt32LE(network + 8));
    if (name) found.networkPath = suffix ? `${name}\\${suffix}` : name;
  }
  return found;
}

/** Names out of the items of a path: a drive, then folders and the file, each with its long name behind its short one. */
function itemPath(list: Buffer): string {
  const parts: string[] = [];
  let at = 0;
  for (let count = 0; count < MAX_ITEMS && at + 2 <= list.length; count++) {
    const size = list.readUInt16LE(at);
    if (size < 3 || at + size > list.length) break;
    const item = list.subarray(at + 2, at + size);
    const kind = (item[0] as number) & 0x70;
    if (kind === 0x20) parts.push(untilZero(item.toString('latin1', 1, 4)).replace(/\\$/, ''));
    else if (kind === 0x30) parts.push(longName(item) || shortName(item));
    // A place in a network: flags, then its name.
    else if (kind === 0x40) parts.push(untilZero(item.toString('latin1', 3)));
    at += size;
  }
  return parts.filter((part) => part !== '').join('\\');
}

function shortName(item: Buffer): string {
  const isWide = (item[0] as number) & 4;
  return isWide
    ? untilZero(utf16(item.subarray(12, 12 + 520)))
    : untilZero(item.toString('latin1', 12, 12 + 260));
}

/** The extension block 0xbeef0004 ends with the long name; how much stands before it depends on its version. */
function longName(item: Buffer): string {
  const at = item.indexOf(Buffer.from('0400efbe', 'hex'));
  if (at < 4) return '';
  const version = item.readUInt16LE(at - 2);
  const from = at - 4 + (version >= 9 ? 46 : version >= 8 ? 42 : version >= 7 ? 38 : 20);
  return untilZero(utf16(item.subarray(from, from + 520)));
}

function untilZero(text: string): string {
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}
