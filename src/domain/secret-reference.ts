import { InvalidRequest } from './errors.ts';

/**
 * A job's options are stored and shown, so an option never holds a secret: it names one, as in
 * `rtsp://admin:{secret:YARD}@10.0.0.5/stream`. The value is filled in where it is used.
 */

/** The pattern of a secret's name; the secrets file and the references share it. */
export const secretNamePattern = '[A-Za-z0-9_.-]{1,64}';

const references = new RegExp(`\\{secret:(${secretNamePattern})\\}`, 'g');

/** Finds what was meant as a reference; a well-formed one is taken out before. */
const meantAsReference = /\{\s*secret\s*(?:[:}\s]|$)/i;

/**
 * The names a text refers to, each once.
 * @param field its name as the user wrote it, e.g. `options.url`
 * @throws InvalidRequest when a reference is malformed; the message does not repeat the text
 */
export function secretNamesIn(text: string, field: string): string[] {
  if (meantAsReference.test(text.replace(references, ''))) {
    throw new InvalidRequest(
      `${field}: a reference to a secret is malformed. Write {secret:NAME}; NAME has 1 to 64 letters, digits, dots, dashes or underscores.`,
      field,
    );
  }
  return [...new Set([...text.matchAll(references)].map(([, name]) => name as string))];
}

/** Puts `mark` in the place of every well-formed reference. */
export function maskReferences(text: string, mark: string): string {
  return text.replace(references, () => mark);
}

/**
 * The text with the values in it. Inside an address a value is percent-encoded, so that it cannot end the part it
 * stands in (RFC 3986, section 2.1); in other text it is inserted as it is. A reference that is the whole user-info,
 * `//{secret:LOGIN}@host`, may hold `user:password`: its first colon stays a colon.
 *
 * The result holds secrets: it belongs in no log, row, message or activity result.
 */
export function fillSecrets(text: string, valueFor: (name: string) => string): string {
  return text.replace(references, (whole, name: string, at: number) => {
    const before = text.slice(0, at);
    const value = valueFor(name);
    if (!isInsideAddress(before)) return value;
    return isWholeUserInfo(before, text.slice(at + whole.length)) ? encodeLogin(value) : encode(value);
  });
}

function isInsideAddress(before: string): boolean {
  return /^\s*[a-z][a-z0-9+.-]*:\/\//i.test(before) || /(?:^\s*|:)\/\/\S*$/.test(before);
}

function isWholeUserInfo(before: string, after: string): boolean {
  return /(?:^\s*|:)\/\/$/.test(before) && after.startsWith('@');
}

function encodeLogin(login: string): string {
  const colon = login.indexOf(':');
  return colon < 0 ? encode(login) : `${encode(login.slice(0, colon))}:${encode(login.slice(colon + 1))}`;
}

/** Everything but RFC 3986's unreserved characters is encoded, which is right in every part of an address. */
function encode(value: string): string {
  // A lone surrogate has no UTF-8, and `encodeURIComponent` would throw an error that tells of it.
  return encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\uFFFD')).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
