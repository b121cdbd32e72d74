/** A part of a text that may be bytes, written in characters. */
export interface Encoded {
  /** Indexes in the text. */
  from: number;
  to: number;
  kind: string;
  /** @param most so many bytes of it, about */
  decode(most?: number): Buffer;
  reversed?: Encoded;
}

/** Shorter runs are names, numbers and hashes. */
const MIN_BASE64 = 60;
const MIN_BYTES = 40;
const MAX_RUNS = 20_000;

/**
 * All runs of a text, in the order of their kinds. Pieces of base64 that a script puts together, or that stand in lines
 * of a mail, are one run.
 */
export function* encodedRuns(text: string): Generator<Encoded> {
  let count = 0;
  for (const run of base64Runs(text)) {
    if (++count > MAX_RUNS) return;
    yield run;
  }
  for (const [kind, pattern, decode] of numbered) {
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match && ++count <= MAX_RUNS; match = pattern.exec(text)) {
      const end = extended(text, pattern, match.index + match[0].length);
      const [from, to] = [match.index, end];
      pattern.lastIndex = end;
      yield {
        from,
        to,
        kind,
        decode: (most) => decode(text.slice(from, most === undefined ? to : Math.min(to, from + 6 * most))),
      };
    }
  }
  for (const match of text.matchAll(
    /data:[\w.+-]{0,80}\/?[\w.+-]{0,80}(?:;[\w=.-]{1,60}){0,4},((?:[^\s"'<>\\)]){30,2000000})/gi,
  )) {
    if (/;base64,/i.test(match[0].slice(0, 300)) || ++count > MAX_RUNS) continue;
    const body = match[1] as string;
    const from = match.index + match[0].length - body.length;
    yield {
      from,
      to: from + body.length,
      kind: 'a data: address',
      decode: (most) => percentDecoded(most ? body.slice(0, 3 * most) : body),
    };
  }
}

const piece = /["'`]?[\s,+&\\]{0,12}["'`]?([\w+/-]{16,}={0,2})/y;
const lastPiece = /["'`]?[\s,+&\\]{0,12}["'`]?([\w+/]{1,15}={0,2})(?=["'`<]|\s*$)/y;

function* base64Runs(text: string): Generator<Encoded> {
  // Named characters in a class of its own, since a run must not begin in the middle of a path.
  const start = /[A-Za-z0-9+/_=-]{40,}/g;
  for (let match = start.exec(text); match; match = start.exec(text)) {
    const from = match.index;
    const pieces: [number, number][] = [[from, from + match[0].length]];
    let to = from + match[0].length;
    for (const pattern of [piece, lastPiece]) {
      pattern.lastIndex = to;
      for (let next = pattern.exec(text); next; next = pattern === piece ? pattern.exec(text) : null) {
        to = next.index + next[0].length;
        pieces.push([to - (next[1] as string).length, to]);
        if (next[1]?.endsWith('=')) break;
        pattern.lastIndex = to;
      }
    }
    start.lastIndex = to;
    const length = pieces.reduce((sum, [begin, end]) => sum + end - begin, 0);
    // Of hexadecimal digits alone it is hexadecimal.
    if (length < MIN_BASE64 || /^[\da-f-]+$/i.test(text.slice(from, Math.min(to, from + 200)))) continue;
    const gather = (most: number | undefined, order: readonly [number, number][]) => {
      let gathered = '';
      for (const [begin, end] of order) {
        gathered += text.slice(begin, end);
        if (most !== undefined && gathered.length > 2 * most) break;
      }
      return gathered;
    };
    const run: Encoded = {
      from,
      to,
      kind: 'base64',
      decode: (most) => cut(Buffer.from(unmarked(gather(most, pieces)), 'base64'), most),
    };
    const backwards: Encoded = {
      ...run,
      kind: 'reversed base64',
      decode: (most) => {
        const turned = [
          ...gather(
            most,
            [...pieces]
              .reverse()
              .map(([begin, end]) => [most === undefined ? begin : Math.max(begin, end - 2 * most), end]),
          ),
        ];
        return cut(Buffer.from(unmarked(turned.reverse().join('')), 'base64'), most);
      },
    };
    // Turned round piece by piece only where there is one.
    yield pieces.length === 1 ? { ...run, reversed: backwards } : run;
  }
}

/** A `/` or a word before the payload, as in `;base64,` without its comma, does not matter; padding in front does. */
const unmarked = (text: string) => text.replace(/^=+/, '');

const cut = (bytes: Buffer, most: number | undefined) =>
  most === undefined ? bytes : bytes.subarray(0, most);

type Numbered = readonly [kind: string, pattern: RegExp, decode: (text: string) => Buffer];

const hexDigits = (text: string) => Buffer.from(text.replaceAll(/0x|[^\da-f]/gi, ''), 'hex');

/** At least so many bytes at once, so that a short match is no match; longer runs are extended piece by piece. */
const numbered: readonly Numbered[] = [
  ['hexadecimal', new RegExp(`(?<![\\da-zA-Z])(?:[\\da-fA-F]{2}){${MIN_BYTES},8000}`, 'g'), hexDigits],
  ['escapes', new RegExp(`(?:\\\\x[\\da-fA-F]{2}){${MIN_BYTES},8000}`, 'g'), hexDigits],
  [
    'hexadecimal',
    new RegExp(`(?:0x[\\da-fA-F]{1,2}\\s{0,4},\\s{0,8}){${MIN_BYTES - 1},8000}`, 'g'),
    (text) => numbers(text, 16),
  ],
  [
    'hexadecimal',
    new RegExp(`(?<![\\da-zA-Z])(?:[\\da-fA-F]{2}[- :]){${MIN_BYTES - 1},8000}`, 'g'),
    hexDigits,
  ],
  ['percent escapes', new RegExp(`(?:%[\\da-fA-F]{2}){${MIN_BYTES},8000}`, 'g'), hexDigits],
  [
    'numbers',
    new RegExp(`(?<![\\d.])(?:\\d{1,3}\\s{0,2},\\s{0,4}){${MIN_BYTES - 1},8000}`, 'g'),
    (text) => numbers(text, 10),
  ],
];

function numbers(text: string, base: number): Buffer {
  const all = text
    .split(',')
    .map((part) => Number.parseInt(part.trim(), base))
    .filter((value) => !Number.isNaN(value));
  return all.some((value) => value > 255) ? Buffer.alloc(0) : Buffer.from(all);
}

/** Goes on where a pattern reached the most that it takes at once. */
function extended(text: string, pattern: RegExp, from: number): number {
  const more = new RegExp(
    pattern.source.replace(/^\(\?<![^)]*\)/, '').replace(/\{\d+,8000\}/, '{1,8000}'),
    'y',
  );
  let end = from;
  for (more.lastIndex = end; more.exec(text); more.lastIndex = end) end = more.lastIndex;
  // The last number of a list has no comma behind it.
  const last = /(?:0x)?[\da-fA-F]{1,3}(?![\da-zA-Z])/y;
  last.lastIndex = end;
  return last.exec(text) ? last.lastIndex : end;
}

function percentDecoded(text: string): Buffer {
  return Buffer.from(
    text.replaceAll(/%([\da-f]{2})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16))),
    'latin1',
  );
}
