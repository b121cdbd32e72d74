import type { DocumentReport } from '../../documents/report.ts';
import { xmlEvents } from '../../documents/xml.ts';

export interface Relationship {
  /** The last word of its type: `attachedTemplate`, `oleObject`, `hyperlink`, … in small letters. */
  type: string;
  target: string;
  external: boolean;
}

const MOST = 20_000;

export function relationshipsIn(xml: string): Relationship[] {
  const found: Relationship[] = [];
  for (const event of xmlEvents(xml)) {
    if (event.kind !== 'open' || event.name !== 'Relationship' || found.length >= MOST) continue;
    const { attributes } = event;
    found.push({
      type: (attributes.get('type') ?? '').split('/').at(-1)?.toLowerCase() ?? '',
      target: attributes.get('target') ?? '',
      external: /external/i.test(attributes.get('targetmode') ?? ''),
    });
  }
  return found;
}

/** By type: what an office program fetches by itself when it opens the document, and hands on. */
const loaded: Record<string, string> = {
  attachedtemplate: 'office.remote-template',
  oleobject: 'office.remote-object',
  package: 'office.remote-object',
  control: 'office.remote-object',
  frame: 'office.remote-part',
  subdocument: 'office.remote-part',
  afchunk: 'office.remote-part',
  externalmacro: 'office.remote-part',
  slidemaster: 'office.remote-part',
  settings: 'office.remote-part',
};

/** Fetched as well, or when people ask for it, but nothing in it acts. */
const harmless = new Set([
  'hyperlink',
  'image',
  'video',
  'audio',
  'media',
  'linkedmedia',
  'externallinkpath',
  'extension',
]);

export function judgeRelationship(
  { type, target, external }: Relationship,
  part: string,
  report: DocumentReport,
) {
  if (type === 'hyperlink' && startsHandler(target)) {
    report.add('office.link-runs', `${part}: ${target}`);
    return;
  }
  if (!external || !isRemote(target)) return;
  const id = loaded[type];
  if (id) report.add(id, `${part}: ${type} ${target}`);
  else if (!harmless.has(type)) report.note('office.external-content', `${part}: ${type} ${target}`);
}

/** Schemes that Windows hands to programs which take arguments from them. */
function startsHandler(target: string): boolean {
  return /^\s*(?:ms-msdt|ms-officecmd|search-ms|ms-search|javascript|vbscript|shell|ms-cxh|mshta|script)\s*:/i.test(
    target,
  );
}

/** Whether a target lies on another machine: `https:`, `mhtml:`, `\\host\`, `file://host/`; not `file:///C:/`. */
export function isRemote(target: string): boolean {
  const plain = unescaped(target).trim().replaceAll('\\', '/');
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]+):(.*)$/is.exec(plain) ?? [];
  if (!scheme) return isRemotePath(plain);
  if (scheme.toLowerCase() !== 'file') return !/^(?:mailto|tel|about|urn|onenote|data)$/i.test(scheme);
  const path = (rest as string).replace(/^\/\/(?:localhost|127\.0\.0\.1)(?=\/)/i, '');
  const slashes = /^\/*/.exec(path)?.[0].length ?? 0;
  if (/^[a-z][:|]/i.test(path.slice(slashes))) return false;
  // `file://host/` names a host, and so does `file:////host/`; with one slash or three it is a path of this machine.
  return slashes === 2 || slashes >= 4;
}

function isRemotePath(path: string): boolean {
  const [, first = '', second = ''] = /^\/\/+([^/]*)\/?([^/]*)/.exec(path) ?? [];
  if (first === '?' || first === '.') return second.toLowerCase() === 'unc';
  return first !== '' && !/^(?:localhost|127\.0\.0\.1)$/i.test(first) && !/^[a-z]:$/i.test(first);
}

function unescaped(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}
