import { closingQuote } from './closing-quote.ts';
import { pairedSecretsIn } from './paired-secrets.ts';
import { longestSecretName, noSecret, secretNames } from './secret-names.ts';
import type { Span } from './spans.ts';

/**
 * A secret that is known by its looks. `before` finds where one may begin, and reads a bounded number of characters
 * to do so; `value` reads on from there. What was read is not read again, so that a text of any length takes one pass.
 */
interface Look {
  before: RegExp;
  value: RegExp;
}

/** After a quotation mark that ends a value comes what may follow a value. */
const endQuote = String.raw`\\{0,7}["'\`](?:[\s,}\]):&;<\\]|$)`;
/** A value of a parameter that may hold anything but whitespace, up to where the next parameter or the sentence goes on. */
const unquoted = String.raw`(?:(?!&[\w.%\[\]-]{1,64}=|;(?:\s|$|[\w .-]{1,40}=)|[,)\]}](?:\s|$)|</|${endQuote})\S)+`;

const databases = 'postgres(?:ql)?|mysql|mariadb|mongodb(?:\\+srv)?|rediss?|amqps?|rtsps?|s?ftps?';
/** `user:` and what follows, unless that is a port. */
const userNoPort = String.raw`[^\s/?#:@"'<>[\]]{0,256}:(?!\d{0,5}(?![\w@%.~+$!*-]))`;

const looks: readonly Look[] = [
  // Our API keys: 43 random characters, among which a capital or a digit soon comes.
  { before: /dt_/g, value: /(?=[a-z_-]{0,30}[A-Z0-9])[\w-]{16,}/y },
  { before: /whsec_/g, value: /[\w+/=-]{4,}/y },
  // A signature of Standard Webhooks.
  { before: /v1,/g, value: /[A-Za-z0-9+/]{43,}={0,2}/y },
  {
    before: /bearer[ \t+:=]{1,4}(?![\w-]{1,40}=")/gi,
    value: /(?=[\w.~+/=-]{0,200}\d)[\w.~+/=-]{8,}|[\w.~+/=-]{16,}/y,
  },
  { before: /basic[ \t+:=]{1,4}/gi, value: /(?=[A-Za-z]{0,400}[0-9+/=])[A-Za-z0-9+/_-]{8,}={0,2}/y },
  // A JSON Web Token: JSON in Base64 begins so.
  { before: /eyJ/g, value: /[\w-]{13,}(?:\.[\w-]*){0,4}/y },
  { before: /(?:AKIA|ASIA)/g, value: /[A-Z0-9]{16}/y },
  { before: /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----/g, value: /[^-]+/y },
  // `//user:password@host` and `//token@host`; a quotation mark belongs to it if it is escaped.
  { before: /\/\//g, value: /(?:[^\s/?#"\\]|\\["\\]){1,1024}(?=@)/y },
  // A password with a character that ends the authority, and one that was cut.
  { before: /\/\//g, value: new RegExp(String.raw`${userNoPort}\S{1,1024}(?=@)`, 'y') },
  { before: /\/\//g, value: new RegExp(String.raw`${userNoPort}(?=([^\s"'<>@]+))\1(?!@)`, 'y') },
  // At these a `12/34@` after the user is no port either.
  { before: new RegExp(`(?:${databases})://`, 'gi'), value: /[^\s/?#:@"'<>[\]]{0,256}:\S{1,1024}(?=@)/y },
  // Readers of addresses need no two slashes: `http:user:password@host`.
  {
    before: new RegExp(`(?:https?|wss?|srt|${databases}):/?(?!/)`, 'gi'),
    value: /[^\s/?#"'<>@:]{1,256}:[^\s/?#"'<>]{1,512}(?=@)/y,
  },
  // A query: names stay, values go.
  { before: /[?&][\w.~%+[\]$-]{1,128}=/g, value: new RegExp(`(?:(?!${endQuote})[^\\s&#])+`, 'y') },
  // A query without a name, of an address or a path.
  {
    before: /(?::\/|(?<![^\s"'`(=]))\/[^\s?#"'<>]{1,512}\?/g,
    value: /[^\s=&#"'<>\\]+(?=$|[\s&#"'<>\\])/y,
  },
  // `--password hunter2`, as on a command line. Of a sentence about the switch the next word is none of these.
  {
    before: new RegExp(
      String.raw`(?<![\w-])--?[\w-]{0,40}(?:${secretNames})[ \t]{1,4}(?=["'\`]?[^\s"'\`-])`,
      'gi',
    ),
    value:
      /(?!(?:and|as|for|from|has|if|in|instead|is|must|needs|not|of|on|or|takes|the|to|was|when|with)\b)(?:"[^"]*|'[^']*|`[^`]*|\S+)/iy,
  },
];

/** A name, the quotation mark or bracket that closes it, and what stands between it and its value. */
const named = new RegExp(
  String.raw`(${secretNames})\d{0,2}((?:\\{0,7}["'\`\]]){0,2})\s{0,4}(=>|=(?!=)|:(?!//)|>)\s{0,4}`,
  'gi',
);
const openingQuote = /\\{0,7}["'`]/y;
const unquotedValue = new RegExp(unquoted, 'y');
/** Letters and digits together. */
const noWord = /(?=\S{0,200}\d)(?=\S{0,200}[a-z])\S{6}/iy;
const elementValue = /[^<\s]{1,4096}(?=<\/)/y;
/** After these the rest of the line is the credential. */
const scheme = /(?:bearer|basic|digest|token|negotiate|apikey|[\w-]{1,40}sha256)\s/iy;
const restOfLine = new RegExp(String.raw`(?:(?!${endQuote}|\\[nr])[^\r\n])+`, 'y');
const cookies = /[\w.-]{1,64}=/y;
const noValue = new RegExp(`(?:${noSecret})(?![^\\s,;&)"'\`.\\]}\\\\])`, 'iy');
/** A single word to the end of its line or clause, unless it says how the secret is; and what is too long for a word. */
const lastWord =
  /(?!(?:required|invalid|expired|incorrect|unknown|rejected|refused|malformed|enabled|disabled|present|absent)(?![\w-]))[^\s,;)\]}"'`<\\]{6,256}(?=\s*$|[,;)\]}"'`<\\]|[ \t]{0,4}[\r\n])|[\p{L}\d]{16,}/iuy;

/** Where in a text secrets stand; the spans may overlap. */
export function* secretsIn(text: string): Generator<Span> {
  for (const { before, value } of looks) {
    for (const at of endsOf(before, text)) {
      const end = endAt(value, text, at);
      if (end === undefined) continue;
      yield [at, end];
      before.lastIndex = end;
    }
  }
  yield* namedSecretsIn(text);
  yield* pairedSecretsIn(text);
}

function* namedSecretsIn(text: string): Generator<Span> {
  named.lastIndex = 0;
  for (let match = named.exec(text); match; match = named.exec(text)) {
    const at = named.lastIndex;
    const [, name = '', closed = '', sign = ''] = match;
    const span = valueAfter({ name: name.toLowerCase(), closed: closed !== '', sign }, text, at);
    if (!span) continue;
    yield span;
    // A value may end with the name of the next: `authorization=secret = …`.
    named.lastIndex = Math.max(at, span[1] - longestSecretName);
  }
}

interface Name {
  name: string;
  /** Whether it was in quotation marks. */
  closed: boolean;
  sign: string;
}

function valueAfter({ name, closed, sign }: Name, text: string, at: number): Span | undefined {
  if (sign === '>') return spanTo(endAt(elementValue, text, at), at);
  const opened = endAt(openingQuote, text, at);
  if (endAt(noValue, text, opened ?? at) !== undefined) return undefined;
  if (opened !== undefined) return spanTo(closingQuote(text, opened, text.slice(at, opened)), opened);
  const credential = name === 'authorization' ? endAt(scheme, text, at) : undefined;
  if (credential !== undefined) return spanTo(endAt(restOfLine, text, credential), credential);
  if (name === 'cookie' && endAt(cookies, text, at)) return spanTo(endAt(restOfLine, text, at), at);
  // In `the token: it has expired` a sentence goes on.
  const isValue = closed || sign === '=' || endAt(noWord, text, at) !== undefined;
  if (!isValue && endAt(lastWord, text, at) === undefined) return undefined;
  return spanTo(endAt(unquotedValue, text, at), at);
}

function spanTo(end: number | undefined, at: number): Span | undefined {
  return end === undefined || end === at ? undefined : [at, end];
}

/** The ends of the pattern's matches; the next one is looked for from `lastIndex`, which the caller may move on. */
function* endsOf(pattern: RegExp, text: string): Generator<number> {
  pattern.lastIndex = 0;
  while (pattern.exec(text)) yield pattern.lastIndex;
}

/** Where a match of the sticky pattern ends that begins at a place. */
function endAt(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
