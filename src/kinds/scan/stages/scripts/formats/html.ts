import type { StageFinding } from '../../../analysis/findings.ts';
import type { FileType } from '../../../analysis/stage.ts';
import { payloadsIn } from '../../../text/payloads.ts';
import type { ReadText } from '../../../text/read-text.ts';
import { detectType } from '../../type/detect-type.ts';
import { commandFindings } from '../shapes/commands.ts';
import { hidingFindings } from '../shapes/hiding.ts';
import { hostFindings } from '../shapes/host.ts';
import { powershellFindings } from '../shapes/powershell.ts';
import { finding, type Match, Views } from '../views.ts';
import { type MarkupParts, markupParts } from './markup-parts.ts';
import { isActive } from './svg.ts';

const makesFile =
  /\bnew\s+(?:Blob|File)\s*\(|\bcreateObjectURL\b|\bmsSave(?:OrOpen)?Blob\b|\bshowSaveFilePicker\b|["'](?:Blob|createObjectURL|msSaveBlob)["']/;
const hands =
  /\.\s*download\b|["']download["']|\.\s*click\s*\(|["']click["']|\bmsSave(?:OrOpen)?Blob\b|\blocation\b|\bdispatchEvent\b|\bwindow\s*\.\s*open\b|\bsrc\s*=|\bshowSaveFilePicker\b/;
const clipboard = /\bclipboard\s*\.\s*writeText\b|\bexecCommand\s*\(\s*["']copy["']|\bclipboardData\b/i;
const pasted =
  /\b(?:powershell|pwsh|mshta|cmd(?:\.exe)?\s+\/c|msiexec|curl|certutil|wscript|rundll32|conhost|osascript)\b/i;
const schemes =
  /\b(?:ms-msdt|search-ms|search|ms-officecmd|ms-appinstaller|ms-word|ms-excel|ms-cxh|ms-its|mk:@MSITStore|res):[^\s"'<>]{3,400}/gi;
const badSchemes =
  /^(?:ms-msdt:|search(?:-ms)?:[^\s]*(?:crumb|location)[^\s]*(?:\\\\|%5c%5c|\/\/)|ms-officecmd:|ms-appinstaller:\?source=|mk:@MSITStore:[^\s]*https?:)/i;
const helpCommand =
  /classid\s*=\s*["']?clsid:(?:adb880a6-d8ff-11cf-9377-00aa003b7a11|52a2aaae-085d-4187-97ea-8c30db990436)/i;
const helpShortcut =
  /name\s*=\s*["']?Item1["']?\s+value\s*=\s*["'][^"']{0,20}(?:,\s*)?[^"']{0,200}\b(?:cmd|powershell|mshta|wscript|rundll32|hh|regsvr32)/i;

/** Where a refresh leads: `0; url=data:…`. */
const refresh = /^[\s\d.]*(?:[;,\s]\s*)?(?:url\s*=\s*)?["']?\s*(?=\S)/i;
const decodesAndRuns =
  /\b(?:eval|Function|setTimeout|setInterval|write(?:ln)?)\s*\(\s*(?:\w+(?:\.\w+)?\s*\(\s*){0,3}(?:window\s*\.\s*)?(?:atob|unescape|decodeURIComponent|String\s*\.\s*fromCharCode)\b/i;

/** What a page, or an application of HTML, does beyond what pages do. */
export async function htmlFindings(read: ReadText, type: FileType): Promise<StageFinding[]> {
  const parts = markupParts(read.text);
  const found: StageFinding[] = [];
  const code = codeOf(read, parts);
  for (const views of code) {
    const isHosted = type !== 'html';
    found.push(...hostFindings(views, { isHosted }), ...hidingFindings(views, type));
    if (isHosted) found.push(...commandFindings(views), ...powershellFindings(views));
  }
  const remoteScript = parts.links.find(
    ({ element, value }) => element === 'script' && /^\s*(?:https?:|ftp:|\/\/|\\\\)/i.test(value),
  );
  if (remoteScript && type !== 'html') {
    const { at, to } = remoteScript;
    found.push({
      id: 'scripts.hosted-remote-script',
      offset: read.offsetOf(at),
      evidence: read.quote(at, to),
    });
  }
  const inner = parts.links.find(
    ({ element, name, value }) =>
      element === 'meta' && name === 'content' && isActive(value.slice(0, 400).replace(refresh, '')),
  );
  if (inner) {
    const { at, to } = inner;
    const evidence = read.quote(at, Math.min(to, at + 200));
    found.push({ id: 'scripts.html-inner-page', offset: read.offsetOf(at), evidence });
  }
  const handler = handlersOf(read, parts).find((views) => views.has(decodesAndRuns));
  if (handler) found.push(finding('scripts.html-decoding-handler', handler.find(decodesAndRuns) as Match));
  found.push(...(await fileInLink(read, parts)));
  const smuggled = await smuggling(read, code);
  if (smuggled) found.push(smuggled);
  const pasting = code.find((views) => views.has(clipboard, pasted));
  if (pasting) found.push(finding('scripts.html-paste', pasting.find(pasted) as Match));
  for (const match of read.text.matchAll(schemes)) {
    if (!badSchemes.test(match[0])) continue;
    found.push({ id: 'scripts.html-scheme', offset: read.offsetOf(match.index), evidence: match[0] });
    break;
  }
  const help = helpCommand.exec(read.text);
  if (help && helpShortcut.test(read.text)) {
    found.push({ id: 'scripts.html-help-command', offset: read.offsetOf(help.index), evidence: help[0] });
  }
  return onePerId(found);
}

/** Scripts, handlers and script addresses, each with a view of its own; a page's many small ones are one. */
function codeOf(read: ReadText, parts: MarkupParts): Views[] {
  const scripts = parts.scripts.filter(({ from, to }) => to > from).slice(0, 200);
  return [...scripts.map((part) => new Views(read, part)), ...handlersOf(read, parts)];
}

function handlersOf(read: ReadText, parts: MarkupParts): Views[] {
  const handlers = parts.handlers.slice(0, 200);
  const links = parts.links.filter(({ value }) => /^\s*(?:java|vb)script:/i.test(value)).slice(0, 200);
  return [...handlers, ...links].map(({ at, to }) => new Views(read, { from: at, to }));
}

/**
 * A file that the page itself hands to who opens it: encoded within the page, made into a file by a script, and saved
 * without a click of theirs, or by one. Pages export tables and pictures of their own so, which are not encoded in them.
 */
async function smuggling(read: ReadText, code: readonly Views[]): Promise<StageFinding | undefined> {
  const inScript = code.some((views) => views.has(makesFile));
  const handed = code.some((views) => views.has(hands));
  if (!inScript || !handed) return undefined;
  for await (const { from, kind, type, bytes } of payloadsIn(read.text, { alsoData: true })) {
    const evidence = `${bytes.length} bytes of ${type}, in ${kind}: ${read.quote(from, from + 60)}`;
    if (carriers.has(type)) return { id: 'scripts.html-smuggling', offset: read.offsetOf(from), evidence };
    // Encrypted, and most of what the page is.
    const isMost = bytes.length >= 2048 && bytes.length > 0.4 * read.text.length;
    if (type === 'data' && isMost)
      return { id: 'scripts.html-smuggling', offset: read.offsetOf(from), evidence };
  }
  return undefined;
}

const MAX_LINKS = 200;

/** A link or frame whose address holds a program or an archive itself. */
async function fileInLink(read: ReadText, parts: MarkupParts): Promise<StageFinding[]> {
  let count = 0;
  for (const { at, value } of parts.links) {
    const body = /data:[\w.+/-]{0,120}(?:;[\w=.-]{1,60}){0,4};base64,\s*([\w+/]{40,8000})/i.exec(
      value.slice(0, 8400),
    )?.[1];
    if (body === undefined || ++count > MAX_LINKS) continue;
    const bytes = Buffer.from(body, 'base64');
    const { type } = await detectType({
      name: '',
      size: bytes.length,
      read: (from, to) => bytes.subarray(from, to),
    });
    if (!carriers.has(type) || documents.has(type)) continue;
    return [
      {
        id: 'scripts.html-data-file',
        offset: read.offsetOf(at),
        evidence: `${type}: ${value.slice(0, 100)}`,
      },
    ];
  }
  return [];
}

/** What pages show or offer of their own, and is looked at as a child. */
const documents: ReadonlySet<FileType> = new Set(['pdf', 'ooxml', 'html', 'js', 'rtf', 'eml', 'gzip']);

/** What nobody exports from a page: programs, scripts, and what holds them. */
const carriers: ReadonlySet<FileType> = new Set<FileType>([
  ...(['zip', 'tar', 'gzip', 'bzip2', 'xz', 'zstd', '7z', 'rar', 'cab', 'iso', 'arj', 'lzh'] as const),
  ...([
    'ooxml',
    'jar',
    'apk',
    'ole',
    'doc',
    'xls',
    'ppt',
    'msi',
    'msg',
    'onenote',
    'rtf',
    'pdf',
    'eml',
  ] as const),
  ...(['pe', 'elf', 'macho', 'class', 'dex'] as const),
  ...(['js', 'vbs', 'wsf', 'hta', 'sct', 'powershell', 'batch', 'lnk', 'url', 'iqy', 'html'] as const),
]);

function onePerId(found: readonly StageFinding[]): StageFinding[] {
  return [...new Map([...found].reverse().map((one) => [one.id, one])).values()].reverse();
}
