import { bufferOf, utf16 } from './bytes.ts';

/** The text of an XML part in UTF-8 or UTF-16, by its byte order mark or its first character. */
export function xmlText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return utf16(bytes.subarray(2));
  if (first === 0x3c && second === 0) return utf16(bytes);
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) {
    const even = bytes.subarray(first === 0xfe ? 2 : 0, bytes.length & ~1);
    return utf16(Buffer.from(even).swap16());
  }
  return bufferOf(bytes).toString('utf8');
}

export type XmlEvent =
  | {
      kind: 'open';
      name: string;
      attributes: ReadonlyMap<string, string>;
      selfClosing: boolean;
      offset: number;
    }
  | { kind: 'close'; name: string; offset: number }
  | { kind: 'text'; text: string; offset: number };

/**
 * Goes over the tags and texts of an XML part. Names lose their prefix, since a prefix can be chosen freely.
 * It forgives what is not well formed, so that nothing after a fault is hidden.
 */
export function* xmlEvents(xml: string): Generator<XmlEvent> {
  let at = 0;
  while (at < xml.length) {
    const tag = xml.indexOf('<', at);
    if (tag !== at) {
      const text = xml.slice(at, tag < 0 ? undefined : tag);
      yield { kind: 'text', text: decodeEntities(text), offset: at };
      if (tag < 0) return;
    }
    const special = skipped(xml, tag);
    if (special) {
      if (special.text) yield { kind: 'text', text: special.text, offset: tag };
      at = special.end;
      continue;
    }
    const end = tagEnd(xml, tag);
    const body = xml.slice(tag + 1, end);
    at = end + 1;
    if (body.startsWith('/')) yield { kind: 'close', name: localName(body.slice(1).trim()), offset: tag };
    else {
      const name = /^[^\s/>]*/.exec(body)?.[0] ?? '';
      yield {
        kind: 'open',
        name: localName(name),
        attributes: attributesOf(body.slice(name.length)),
        selfClosing: body.endsWith('/'),
        offset: tag,
      };
    }
  }
}

/** Comments, CDATA, instructions and declarations: where they end, and the text that they hold. */
function skipped(xml: string, at: number): { end: number; text?: string } | null {
  const until = (mark: string, from: number) => {
    const found = xml.indexOf(mark, from);
    return found < 0 ? { begin: xml.length, end: xml.length } : { begin: found, end: found + mark.length };
  };
  if (xml.startsWith('<!--', at)) return until('-->', at + 4);
  if (xml.startsWith('<![CDATA[', at)) {
    const { begin, end } = until(']]>', at + 9);
    return { end, text: xml.slice(at + 9, begin) };
  }
  if (xml.startsWith('<?', at)) return until('?>', at + 2);
  if (xml.startsWith('<!', at)) return until('>', at + 2);
  return null;
}

function tagEnd(xml: string, tag: number): number {
  const mark = /[>"']/g;
  mark.lastIndex = tag;
  for (let found = mark.exec(xml); found; found = mark.exec(xml)) {
    if (found[0] === '>') return found.index;
    const close = xml.indexOf(found[0], found.index + 1);
    if (close < 0) {
      // A quotation mark that is never closed is none.
      const plain = xml.indexOf('>', tag);
      return plain < 0 ? xml.length : plain;
    }
    mark.lastIndex = close + 1;
  }
  return xml.length;
}

/** A name begins after a blank or a quotation mark; without that condition, a long name would be tried at each letter. */
const attribute = /(?<![^\s"'])([^\s=/"'>]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

function attributesOf(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [, name, double, single] of text.matchAll(attribute)) {
    found.set(localName(name as string).toLowerCase(), decodeEntities(double ?? single ?? ''));
  }
  return found;
}

function localName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{2,4}));/gi, (whole, hex, decimal, name) => {
    if (name) return named[name.toLowerCase()] ?? whole;
    const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
