import type { ScannedFile } from '../../analysis/stage.ts';
import { utf16 } from '../../documents/bytes.ts';

const CHUNK = 1024 ** 2;
/** Of a larger file this much is searched. */
const MAX_SEARCHED = 32 * CHUNK;
/** Chunks overlap by the longest address. */
const MAX_LENGTH = 2000;
const MAX_URLS = 200;
const MAX_DOMAINS = 100;
const SHOWN = 300;

const url =
  /\b(?:https?|ftp|wss?):\/\/(?:[\w.-]{1,100}(?::[^\s@/]{0,100})?@)?((?:[a-z\d\u0080-\u00ff](?:[a-z\d\u0080-\u00ff-]{0,62})\.){1,10}[a-z\u0080-\u00ff]{2,24}|\d{1,3}(?:\.\d{1,3}){3}|\[[\da-f:.]{3,45}\])(?::\d{1,5})?(?:[/?#][\w.~:/?#@!$&*+,;=%-]{0,1500})?/gi;
/** Names of vocabularies look like addresses and lead nowhere; every document is full of them. */
const vocabularies =
  /^(?:www\.w3\.org|schemas\.(?:microsoft|openxmlformats|xmlsoap)\.(?:com|org)|ns\.adobe\.com|purl\.o(?:rg|clc\.org)|purl\.org|www\.inkscape\.org|sodipodi\.sourceforge\.net|creativecommons\.org|docs\.oasis-open\.org|openoffice\.org|www\.apple\.com|iptc\.org|www\.iec\.ch)$/i;

export interface Addresses {
  urls: string[];
  domains: string[];
  /** There are more than are listed. */
  more?: true;
}

/** Addresses in the bytes of a file, of one and of two bytes a character, written so that nobody follows them. */
export function addressesIn(file: ScannedFile): Addresses | undefined {
  const urls = new Set<string>();
  const domains = new Set<string>();
  let more = file.size > MAX_SEARCHED;
  const end = Math.min(file.size, MAX_SEARCHED);
  for (let from = 0; from < end; from += CHUNK) {
    const bytes = file.read(from, Math.min(end, from + CHUNK + MAX_LENGTH));
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    for (const text of textsOf(chunk)) {
      for (const [found, host] of text.matchAll(url)) {
        if (vocabularies.test(host as string)) continue;
        if (urls.size >= MAX_URLS) more = true;
        else urls.add(defanged(found.slice(0, SHOWN), host as string));
        if (domains.size < MAX_DOMAINS) domains.add((host as string).toLowerCase().replaceAll('.', '[.]'));
      }
    }
  }
  if (urls.size === 0) return undefined;
  return { urls: [...urls], domains: [...domains], ...(more && { more: true as const }) };
}

const wideMark = Buffer.from('://', 'utf16le');

/** The same bytes as text of one byte a character, and of two where there is such text, from even and from odd places. */
function* textsOf(chunk: Buffer): Generator<string> {
  if (chunk.includes('://')) yield chunk.toString('latin1');
  for (const place of [0, 1]) if (hasWideMark(chunk, place)) yield utf16(chunk.subarray(place));
}

/** By bytes: `indexOf` of a string of UTF-16 never returned on some chunks of odd length (Node.js 24.21). */
function hasWideMark(chunk: Buffer, place: number): boolean {
  let at = chunk.indexOf(wideMark);
  while (at >= 0 && at % 2 !== place) at = chunk.indexOf(wideMark, at + 1);
  return at >= 0;
}

/** `http` as `hxxp`, and the dots of the host in brackets. */
function defanged(address: string, host: string): string {
  const at = address.indexOf(host);
  const scheme = address.slice(0, at).replace(/^http/i, 'hxxp').replace(/^ftp/i, 'fxp');
  return scheme + host.replaceAll('.', '[.]') + address.slice(at + host.length).replace(/[.,;:!?]+$/, '');
}
