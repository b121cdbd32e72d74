import type { FileType } from '../../analysis/stage.ts';
import { scriptLanguage } from './script-language.ts';

/** A host executes what has such a name, whatever the text in it looks like to others. */
const byHost: Readonly<Record<string, FileType>> = {
  hta: 'hta',
  js: 'js',
  jse: 'js',
  vbs: 'vbs',
  vbe: 'vbs',
  wsf: 'wsf',
  wsh: 'wsf',
  sct: 'sct',
  wsc: 'sct',
  ps1: 'powershell',
  psm1: 'powershell',
  bat: 'batch',
  cmd: 'batch',
};

/** What a name says of text that says nothing itself. */
const byName: Readonly<Record<string, FileType>> = {
  html: 'html',
  htm: 'html',
  xhtml: 'html',
  shtml: 'html',
  svg: 'svg',
  csv: 'csv',
  tsv: 'csv',
  url: 'url',
  website: 'url',
  iqy: 'iqy',
  php: 'php',
  phtml: 'php',
  phar: 'php',
  eml: 'eml',
  mht: 'eml',
  mhtml: 'eml',
};

/** So much of the text is looked at for marks that may stand anywhere. */
const NEAR = 4096;

/** What text is: by how it begins, then by its words. */
export function textKind(text: string, extension: string): FileType {
  const start = text.trimStart();
  const hosted = byHost[extension];
  if (hosted) return hosted;
  const named = byName[extension];
  return (
    shebang(start) ??
    lines(start) ??
    (isMail(start) ? 'eml' : undefined) ??
    markup(start) ??
    (named === 'html' ||
    named === 'csv' ||
    named === 'php' ||
    named === 'svg' ||
    named === 'url' ||
    named === 'iqy'
      ? named
      : undefined) ??
    scriptLanguage(text, extension) ??
    (extension === '' && isTable(text) ? 'csv' : undefined) ??
    named ??
    'text'
  );
}

/** What a name of a host or an interpreter says of bytes that are not all text, if they begin as such a script may. */
export function hostedKind(start: string, extension: string): FileType | undefined {
  const named = byHost[extension] ?? byName[extension];
  if (!named) return shebang(start);
  if (named === 'php') return /<\?(?:php|=)/i.test(start) ? named : undefined;
  return /<(?:script|hta:|html|svg|iframe|job|scriptlet)\b/i.test(start) || isPlain(start.slice(0, 200))
    ? named
    : shebang(start);
}

function isPlain(text: string): boolean {
  return /^[\t\r\n\x20-\x7e]{20,}$/.test(text);
}

const interpreters: readonly (readonly [RegExp, FileType])[] = [
  [/\b(?:ba|z|da|k|a|c|tc|fi)?sh\b/, 'shell'],
  [/\bpython[\d.]*\b/, 'python'],
  [/\b(?:node|deno|bun)\b/, 'js'],
  [/\bphp\d*\b/, 'php'],
  [/\b(?:pwsh|powershell)\b/, 'powershell'],
];

function shebang(start: string): FileType | undefined {
  const line = /^#!\s*\/[^\r\n]{1,200}/.exec(start)?.[0];
  return line === undefined
    ? undefined
    : (interpreters.find(([pattern]) => pattern.test(line))?.[1] ?? 'text');
}

/** Formats that a first line gives away. */
function lines(start: string): FileType | undefined {
  if (/^(?:[^\n]{0,200}\n){0,20}\s*\[InternetShortcut(?:\.W)?\]/i.test(start.slice(0, NEAR))) return 'url';
  if (/^WEB\s*\r?\n\s*1\s*\r?\n/i.test(start)) return 'iqy';
  if (/^<\?(?:php\b|=)/i.test(start)) return 'php';
  if (start.startsWith('#@~^')) return 'js';
  return undefined;
}

const mailFields =
  /^(?:from|to|cc|bcc|subject|date|received|message-id|mime-version|content-type|content-transfer-encoding|return-path|delivered-to|reply-to|sender|dkim-signature|arc-[\w-]+|authentication-results|references|in-reply-to|x-[\w-]+|list-[\w-]+|received-spf|thread-topic|thread-index|importance)$/i;
/** Any of these must be there: others than mail have fields as well, such as HTTP. */
const mailOnly = /^(?:from|received|return-path|message-id|mime-version|delivered-to|subject)$/i;

/** Header lines as mail has them, from the first line on. */
function isMail(start: string): boolean {
  const header = start.slice(0, 16 * 1024).split(/\r?\n\r?\n/, 1)[0] as string;
  const all = header.split(/\r?\n/, 60);
  const rows = /^From \S+/.test(all[0] ?? '') ? all.slice(1) : all;
  let known = 0;
  let certain = 0;
  for (const [index, row] of rows.entries()) {
    if (/^[ \t]/.test(row) && index > 0) continue;
    const name = /^([\w-]{1,76})[ \t]*:/.exec(row)?.[1];
    if (name === undefined) {
      // Header lines that were read so far count, were the body to follow without a blank line.
      if (index === 0) return false;
      break;
    }
    if (mailFields.test(name)) known++;
    if (mailOnly.test(name)) certain++;
  }
  return known >= 2 && certain >= 1;
}

/** By the first element after declarations and comments. */
function markup(start: string): FileType | undefined {
  if (!start.startsWith('<')) return undefined;
  const near = start.slice(0, 16 * 1024);
  if (/<hta:application\b/i.test(start)) return 'hta';
  const body = near.replace(
    /^(?:\s|<\?[^>]{0,1000}\?>|<!--[\s\S]{0,4000}?-->|<!doctype[^>[]{0,1000}(?:\[[^\]]{0,8000}\])?\s*>)+/i,
    '',
  );
  const root = /^<(?:[\w-]+:)?([\w-]+)/.exec(body)?.[1]?.toLowerCase();
  if (/^\s*<!doctype\s+html\b/i.test(near.replace(/^(?:\s|<!--[\s\S]{0,4000}?-->)+/, '')) && root !== 'svg')
    return 'html';
  if (root === undefined) return near.startsWith('<?xml') ? 'xml' : undefined;
  if (root === 'svg') return 'svg';
  if (/^(?:package|job)$/.test(root) && /<(?:script|job)\b/i.test(start)) return 'wsf';
  if (
    root === 'scriptlet' ||
    (/^(?:component|package)$/.test(root) && /<(?:registration|script|component)\b/i.test(start))
  )
    return 'sct';
  if (htmlElements.has(root)) return 'html';
  return near.startsWith('<?xml') || /<\/[\w:-]+>\s*$|\/>\s*$|\bxmlns\b/.test(start) ? 'xml' : undefined;
}

const htmlElements = new Set(
  (
    'html head body title meta link script style div span p a img table form iframe h1 h2 h3 center font ul ol br b ' +
    'base object embed input button video audio canvas section article main header nav noscript template'
  ).split(' '),
);

/** The same number of columns in every line, three lines at least. */
function isTable(text: string): boolean {
  const rows = text
    .slice(0, 16 * 1024)
    .split(/\r?\n/, 21)
    .filter((row) => row !== '')
    .slice(0, 20);
  if (rows.length < 3) return false;
  return [',', ';', '\t'].some((delimiter) => {
    const columns = rows.map((row) => row.replaceAll(/"[^"]*"/g, '').split(delimiter).length);
    return (columns[0] as number) > 1 && columns.slice(0, -1).every((count) => count === columns[0]);
  });
}
