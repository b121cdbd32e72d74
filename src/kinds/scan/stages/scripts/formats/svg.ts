import type { StageFinding } from '../../../analysis/findings.ts';
import { plainText } from '../../../text/plain-text.ts';
import type { ReadText } from '../../../text/read-text.ts';
import { Views } from '../views.ts';
import { withEntities } from './entities.ts';
import { markupParts } from './markup-parts.ts';

/** Elements that make a page of a drawing. */
const pageElements = ['iframe', 'embed', 'object', 'form', 'input', 'base', 'meta'];
/** What a script in a drawing sends away, decodes or goes to. */
const furtive =
  /\batob\s*\(|\beval\s*\(|\bunescape\s*\(|\bFunction\s*\(|document\s*\.\s*(?:cookie|write|domain)|\blocation\s*(?:\.\s*(?:href|replace|assign)\s*[=(]|=)|\bfetch\s*\(|XMLHttpRequest|sendBeacon|localStorage|fromCharCode|createObjectURL|window\s*\.\s*open\s*\(/i;

/** A drawing that does something when it is opened. Most have nothing of the kind, which are clean. */
export function svgFindings(read: ReadText): StageFinding[] {
  const found = findingsIn(read);
  const text = withEntities(read.text);
  if (text === read.text) return found;
  // What is put together from entities stands at no one place.
  const quote = (from: number, to: number) => text.slice(from, to);
  for (const { id, evidence } of findingsIn({ ...read, text, quote }))
    if (!found.some((one) => one.id === id)) found.push({ id, evidence });
  return found;
}

function findingsIn(read: ReadText): StageFinding[] {
  const { text } = read;
  const parts = markupParts(text);
  const found: StageFinding[] = [];
  const at = (index: number, to: number) => ({
    offset: read.offsetOf(index),
    evidence: read.quote(index, Math.min(to, index + 200)),
  });

  const scripts = parts.scripts.filter(({ from, to }) => text.slice(from, to).trim() !== '');
  const remote = parts.links.filter(({ element }) => element === 'script');
  const first = scripts[0] ?? remote.map(({ at: from, to }) => ({ from, to }))[0];
  if (first) found.push({ id: 'scripts.svg-script', ...at(first.from, first.to) });
  const [handler] = parts.handlers;
  if (handler) found.push({ id: 'scripts.svg-handler', ...at(handler.at, handler.to) });
  const link = parts.links.find(({ value }) => isActive(value));
  if (link) found.push({ id: 'scripts.svg-active-link', ...at(link.at, link.to) });
  const page = pageElements.find((element) => parts.elements.has(element));
  if (page && parts.elements.has('foreignobject')) {
    const index = text.search(/<(?:[\w-]{1,40}:)?foreignObject/i);
    found.push({ id: 'scripts.svg-page', ...at(index, index + 200) });
  }
  const entity = /<!ENTITY\s+(?:%\s+)?[\w.-]{1,100}\s+(?:SYSTEM|PUBLIC)\s[^>]{0,200}/i.exec(text);
  if (entity) found.push({ id: 'scripts.svg-entity', ...at(entity.index, entity.index + entity[0].length) });

  const code = [
    ...scripts.map(({ from, to }) => new Views(read, { from, to })),
    ...parts.handlers.slice(0, 20).map((one) => new Views(read, { from: one.at, to: one.to })),
  ];
  const match = code.map((views) => views.find(furtive)).find((one) => one !== undefined);
  if (match) found.push({ id: 'scripts.svg-furtive', ...match });
  return found;
}

/** `javascript:` and documents in `data:`, however they are written. */
export function isActive(value: string): boolean {
  const scheme = plainText(value.slice(0, 300)).replaceAll(/[\s\p{Cc}]/gu, '');
  return /^(?:javascript|vbscript):|^data:(?:text\/html|application\/xhtml|image\/svg|text\/xml|application\/xml)/i.test(
    scheme,
  );
}
