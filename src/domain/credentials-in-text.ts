import { maskReferences } from './secret-reference.ts';

/** A login before the host of an address, or the value of a parameter whose name says that it is secret. */
export type WrittenCredential = 'login' | 'parameter';

/** Stands for a reference to a secret; U+0001 is in no address. */
const mark = '\u0001';

/**
 * Finds a credential that is written into a text as it is, instead of as `{secret:NAME}`. Addresses are read as
 * leniently as their readers do (WHATWG URL, FFmpeg's `av_url_split`), also in the middle of a text and when they
 * are percent-encoded. A doubtful case counts as a credential: a refused option can be written otherwise, a stored
 * password cannot be taken back.
 */
export function credentialIn(text: string): WrittenCredential | undefined {
  for (const reading of readingsOf(text)) {
    if (hasLogin(reading)) return 'login';
    if (hasSecretParameter(reading)) return 'parameter';
  }
  return undefined;
}

/** How often an address may be percent-encoded and is still recognized. */
const decodings = 8;

/** The text as the different readers of addresses see it. */
function readingsOf(text: string): Set<string> {
  const masked = maskReferences(text.replaceAll(mark, 'x'), mark);
  const readings = new Set<string>();
  // WHATWG URL drops tabs and newlines, wherever they are.
  for (let reading of [masked, masked.replace(/[\t\n\r]/g, '')]) {
    for (let round = 0; round <= decodings; round++) {
      readings.add(reading);
      // WHATWG URL takes a backslash for a slash in an http address; others take it for a letter.
      readings.add(reading.replaceAll('\\', '/'));
      const decoded = reading.replace(/%[0-7][0-9a-f]/gi, decodeURIComponent);
      if (decoded === reading) break;
      reading = decoded;
    }
  }
  return readings;
}

/** The part between `//` and the path, and what follows it up to a `/`, `&` or `=` when that is no path. */
const authority = /:\/\/+(?=([^/?#\s]*)([?#][^\s/&=]*)?)/g;
/** A text that is an address as a whole may have spaces in its password. */
const authorityWithSpaces = /^[^\w/]*[a-z][a-z0-9+.-]*:\/\/+([^/?#]*)/i;
/** Readers of these schemes need no two slashes: `http:user:password@host`. */
const authorityWithoutSlashes =
  /\b(?:https?|wss?|s?ftps?|rtsp[stu]?|rtmp[a-z]{0,2}|srt|smb|mms[ht]?|rtp|udp|tcp|tls):\/?(?!\/)(?=([^/?#\s]{0,512}))/gi;
const authorityWithoutScheme = /(?:^[^\w/]*|[\s"'`=(<,;|])\/\/+(?=([^/?#\s]*))/g;

function hasLogin(text: string): boolean {
  for (const [, place = '', beyond = ''] of text.matchAll(authority)) {
    if (isLogin(userInfoOf(place)) || hasNoPort(place)) return true;
    // In `//user:12#34@host` the password has a character that ends the authority.
    if (place.includes(':') && beyond.includes('@')) return true;
  }
  const places = [authorityWithoutSlashes, authorityWithoutScheme].flatMap((pattern) => [
    ...text.matchAll(pattern),
  ]);
  return [authorityWithSpaces.exec(text), ...places].some((match) => isLogin(userInfoOf(match?.[1] ?? '')));
}

/** The URL Standard takes everything before the last `@` for user-info. */
function userInfoOf(place: string): string {
  return place.slice(0, Math.max(0, place.lastIndexOf('@')));
}

/** A user's name beside a password that is a reference is no secret; a name alone may be a token. */
function isLogin(userInfo: string): boolean {
  const colon = userInfo.indexOf(':');
  const user = colon < 0 ? userInfo : userInfo.slice(0, colon);
  const password = colon < 0 ? '' : userInfo.slice(colon + 1);
  return password === '' ? !isOnlyMarks(user) : !isOnlyMarks(password);
}

function isOnlyMarks(text: string): boolean {
  return [...text].every((char) => char === mark);
}

/** `//user:pass/word@host`: where a port belongs stands the beginning of a password. Punctuation may end a sentence. */
function hasNoPort(place: string): boolean {
  const host = place.slice(place.lastIndexOf('@') + 1).replace(/^\[[^\]]*\]/, '');
  const colon = host.indexOf(':');
  return colon >= 0 && !/^\d*[^\w%@]*$/.test(host.slice(colon + 1));
}

const parameter = /(?<![\w.[\]-])([\w.[\]-]+)=(?=([^&#;\s]{0,256}))/g;
const secretNames = new Set(
  'auth authorization credential credentials hdnea hdnts hmac jwt key loginpas pass pw sas sig'.split(' '),
);
const secretEnding =
  /(?:token|password|passwd|passphrase|passwort|pwd|psw|secret|apikey|accesskey|authkey|privatekey|secretkey|signature|credentials?|auth)$/;

/** Also where there is no `?`: some cameras have `/user=admin_password=…_channel=1` as their path. */
function hasSecretParameter(text: string): boolean {
  if (!/[/?]/.test(text)) return false;
  for (const [, name = '', value = ''] of text.matchAll(parameter)) {
    const word = name
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '')
      .replace(/\d+$/, '');
    if (!secretNames.has(word) && !secretEnding.test(word)) continue;
    if (value !== '' && !isReferenceThenSeparator(value)) return true;
  }
  return false;
}

function isReferenceThenSeparator(value: string): boolean {
  const rest = value.slice([...value].findIndex((char) => char !== mark));
  return value.startsWith(mark) && (isOnlyMarks(value) || /^[/_,]/.test(rest));
}
