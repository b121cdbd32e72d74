import { scrub } from './scrub-secrets.ts';
import { type SecretForms, secretForms } from './secret-forms.ts';
import { redactSpans, type Span } from './spans.ts';

/** The secrets that a process has read. Each process that reads secrets has one, and its log and failures pass through it. */
export interface KnownSecrets {
  /** From now on the value, a password within it, and all their encodings are redacted. */
  learn(value: string): void;
  /** Whether any was learned; before that a text needs no search. */
  readonly any: boolean;
  /** Redacts the known values only: for texts in which what merely looks like a secret must stay. */
  hide(text: string): string;
  /** Redacts the known values, and what looks like a secret. */
  redact(text: string): string;
}

/** Shorter values would be found in words that have nothing to do with them. */
export const leastSecretLength = 6;

/** A password such as `doubletake` is a word of every line, and is no secret anyway. */
const leastOwnLength = 12;

/** @param own credentials of the process itself, to be redacted from the beginning; a result may hold the same words */
export function createKnownSecrets(own: readonly string[] = []): KnownSecrets {
  const known = new Map<string, SecretForms>();
  const ofProcess = own.filter(({ length }) => length >= leastOwnLength).map(secretForms);
  const hide = (text: string) => redactSpans(text, spans(text, known.values()));
  return {
    get any() {
      return known.size > 0;
    },
    learn(value) {
      for (const part of [value, ...passwordsIn(value)]) {
        if (part.length >= leastSecretLength && !known.has(part)) known.set(part, secretForms(part));
      }
    },
    hide,
    redact: (text) => scrub(redactSpans(text, [...spans(text, known.values()), ...spans(text, ofProcess)])),
  };
}

/** A value may be `user:password`, or an address with a login: a library may name the password alone. */
function passwordsIn(value: string): string[] {
  const userInfo = /\/\/([^/?#]*)@/.exec(value)?.[1] ?? value;
  const colon = userInfo.indexOf(':');
  if (colon < 0) return userInfo === value ? [] : [userInfo];
  const password = userInfo.slice(colon + 1);
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    // A percent sign of its own: the password is not encoded.
    return [password];
  }
}

/** All are found before any is taken out, for one secret may be a part of another. */
function* spans(text: string, known: Iterable<SecretForms>): Generator<Span> {
  for (const { written, base64 } of known) {
    for (const { 0: found, index } of text.matchAll(written)) yield [index, index + found.length];
    for (const pattern of base64) {
      let end = 0;
      for (const { 0: found, index } of text.matchAll(pattern)) {
        if (index < end) continue;
        const whole = wholeBase64(text, index, index + found.length);
        end = whole[1];
        yield whole;
      }
    }
  }
}

/** The characters at the borders hold bits of the value, too, and a user's name is no loss. */
function wholeBase64(text: string, start: number, end: number): Span {
  let [from, to] = [start, end];
  while (/[A-Za-z0-9+/_-]/.test(text[from - 1] ?? '')) from--;
  while (/[A-Za-z0-9+/_=-]/.test(text[to] ?? '')) to++;
  return [from, to];
}
