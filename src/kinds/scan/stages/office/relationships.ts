import { isFarShare, isRemote, startsHandler } from '../../documents/remote.ts';
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
  // Offices link to their own shares; one far away is asked for the user's name and password.
  else if (type !== 'hyperlink' && isFarShare(target))
    report.add('office.remote-share', `${part}: ${type} ${target}`);
  else if (!harmless.has(type)) report.note('office.external-content', `${part}: ${type} ${target}`);
}
