import { bufferOf, latin1, startsWith, utf16, viewOf } from './bytes.ts';

export type Runs = 'program' | 'script' | 'shortcut';

const byExtension: Record<Runs, ReadonlySet<string>> = {
  program: new Set(
    'exe scr com pif cpl dll ocx sys drv msi msp msix appx jar xll wll application gadget apk'.split(' '),
  ),
  script: new Set(
    'js jse vbs vbe vb wsf wsh ws wsc sct hta ps1 psm1 ps2 psc1 bat cmd chm msc reg inf py pyw sh php slk iqy'.split(
      ' ',
    ),
  ),
  shortcut: new Set(
    'lnk url scf appref-ms settingcontent-ms search-ms library-ms searchconnector-ms'.split(' '),
  ),
};

/** What would run if a user opened this file, by its content or else by its name; null for everything else. */
export function whatRuns(name: string, bytes: Uint8Array): Runs | null {
  return runsByContent(bytes) ?? runsByName(name);
}

export function runsByName(name: string): Runs | null {
  const extension = /\.([\w-]+)[\s.\0"']*$/.exec(name)?.[1]?.toLowerCase();
  if (!extension) return null;
  const kinds: Runs[] = ['program', 'script', 'shortcut'];
  return kinds.find((kind) => byExtension[kind].has(extension)) ?? null;
}

const SHORTCUT = [0x4c, 0, 0, 0, 1, 0x14, 2, 0, 0, 0, 0, 0, 0xc0] as const;
const machO = [0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe];

export function runsByContent(bytes: Uint8Array): Runs | null {
  if (isProgramAt(bytes, 0)) return 'program';
  if (startsWith(bytes, SHORTCUT)) return 'shortcut';
  if (startsWith(bytes, [0x7f, 0x45, 0x4c, 0x46])) return 'program';
  if (bytes.length >= 4 && machO.includes(viewOf(bytes).getUint32(0))) return 'program';
  const text = shortText(bytes);
  return text !== null && scriptShapes.some((shape) => shape.test(text)) ? 'script' : null;
}

/** `MZ`, and where it points to, `PE`. */
export function isProgramAt(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== 0x4d || bytes[at + 1] !== 0x5a || at + 0x40 > bytes.length) return false;
  const header = at + viewOf(bytes).getUint32(at + 0x3c, true);
  return header + 4 <= bytes.length && startsWith(bytes.subarray(header, header + 4), [0x50, 0x45, 0, 0]);
}

/** Where programs begin in these bytes, at most `most` of them. */
export function programsIn(bytes: Uint8Array, most = 8): number[] {
  const buffer = bufferOf(bytes);
  const found: number[] = [];
  for (let at = buffer.indexOf('MZ'); at >= 0 && found.length < most; at = buffer.indexOf('MZ', at + 2)) {
    if (isProgramAt(bytes, at)) found.push(at);
  }
  return found;
}

/** What hosts of scripts execute; each is enough, since ordinary text doesn't look so. */
const scriptShapes = [
  /^\s*@?echo\s+off\b/im,
  /^\s*#!\s*\/\S+/,
  /\bpowershell(?:\.exe)?\b[^\n]*\s-{1,2}\w/i,
  /\b(?:WScript|Shell)\s*\.\s*(?:Shell|Application|CreateObject)\b/i,
  /\bnew\s+ActiveXObject\s*\(/i,
  /\bCreateObject\s*\(\s*["']/i,
  /<hta:application\b/i,
  /<(?:package|job|scriptlet)\b[^>]*>[\s\S]{0,2000}<script\b/i,
  /<script\b[^>]*language\s*=\s*["']?(?:vbs|jscript)/i,
  /\b(?:Invoke-Expression|Invoke-WebRequest|DownloadString|FromBase64String|Start-Process)\b/i,
  /^\s*<\?php\b/i,
];

/** The first 64 KiB as text, or null where it is none. */
function shortText(bytes: Uint8Array): string | null {
  const head = bytes.subarray(0, 65_536);
  if (startsWith(head, [0xff, 0xfe])) return utf16(head.subarray(2));
  return head.includes(0) ? null : latin1(head);
}
