/** Where the scripts of a page or drawing stand. The reader is forgiving, as browsers are. */
export interface MarkupParts {
  scripts: { from: number; to: number; language: string }[];
  /** Attributes such as `onload`, with their values. */
  handlers: { at: number; to: number; name: string; value: string }[];
  /** `href`, `src`, `action`, `data` and the like. */
  links: { at: number; to: number; element: string; name: string; value: string }[];
  elements: Set<string>;
}

const MAX_ELEMENTS = 100_000;
const MAX_KEPT = 2000;

const tag = /<(?:[\w-]{1,40}:)?([a-z][\w-]{0,40})(?![\w-])/iy;
const between = /[\s/"'=]*/y;
const attribute = /([^\s=>"'/]{1,200})(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?/y;
const addressed =
  /^(?:(?:[\w-]+:)?href|src|srcdoc|action|formaction|data|background|values|to|from|content|poster|code|codebase)$/i;

export function markupParts(text: string): MarkupParts {
  const parts: MarkupParts = { scripts: [], handlers: [], links: [], elements: new Set() };
  let at = text.indexOf('<');
  for (let count = 0; at >= 0 && count < MAX_ELEMENTS; count++) {
    if (text.startsWith('<!--', at)) {
      const end = text.indexOf('-->', at + 4);
      at = end < 0 ? -1 : text.indexOf('<', end);
      continue;
    }
    tag.lastIndex = at;
    const match = tag.exec(text);
    if (!match) {
      at = text.indexOf('<', at + 1);
      continue;
    }
    const element = (match[1] as string).toLowerCase();
    parts.elements.add(element);
    const { end, language, isEmpty } = readAttributes(parts, element, text, tag.lastIndex);
    if (element !== 'script' || isEmpty) {
      at = text.indexOf('<', end);
      continue;
    }
    const close = indexOfClose(text, end);
    if (parts.scripts.length < MAX_KEPT) parts.scripts.push({ from: end, to: close, language });
    at = text.indexOf('<', close + 1);
  }
  return parts;
}

function indexOfClose(text: string, from: number): number {
  const close = /<\/(?:[\w-]{1,40}:)?script/gi;
  close.lastIndex = from;
  return close.exec(text)?.index ?? text.length;
}

/** Up to and with the `>` of an element. */
function readAttributes(parts: MarkupParts, element: string, text: string, from: number) {
  let language = '';
  let at = from;
  for (;;) {
    between.lastIndex = at;
    between.exec(text);
    at = between.lastIndex;
    if (at >= text.length || text[at] === '<') return { end: at, language, isEmpty: false };
    if (text[at] === '>') return { end: at + 1, language, isEmpty: text[at - 1] === '/' };
    attribute.lastIndex = at;
    const match = attribute.exec(text);
    if (!match) return { end: at, language, isEmpty: false };
    const name = (match[1] as string).toLowerCase();
    const value = match[2] ?? match[3] ?? match[4] ?? '';
    if (name === 'language' || name === 'type') language = value.toLowerCase();
    if (/^on[a-z]{3,30}$/.test(name) && value !== '' && parts.handlers.length < MAX_KEPT)
      parts.handlers.push({ at, to: attribute.lastIndex, name, value });
    if (addressed.test(name) && value !== '' && parts.links.length < MAX_KEPT)
      parts.links.push({ at, to: attribute.lastIndex, element, name, value });
    at = attribute.lastIndex;
  }
}
