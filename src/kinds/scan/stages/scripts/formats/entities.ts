/** Entities may name each other, so that a few lines would become any number of letters. */
const MAX_TEXT = 4 * 1024 ** 2;
const MAX_ENTITIES = 1000;
const ROUNDS = 8;

const declaration = /<!ENTITY\s+([\w.:-]{1,100})\s+(?:"([^"]{0,20000})"|'([^']{0,20000})')/g;
const reference = /&([\w.:-]{1,100});/g;

/** A text of XML with its own entities put in, as far as they go; the same text if it declares none. */
export function withEntities(text: string): string {
  const values = new Map<string, string>();
  for (const [, name, double, single] of text.matchAll(declaration)) {
    if (values.size >= MAX_ENTITIES) break;
    // The first declaration of a name counts.
    if (!values.has(name as string)) values.set(name as string, characters(double ?? single ?? ''));
  }
  let expanded = text;
  for (let round = 0; round < ROUNDS && values.size > 0; round++) {
    const next = withOneRound(expanded, values);
    if (next === null || next === expanded) break;
    expanded = next;
  }
  return expanded;
}

/** Null where it would become too long. */
function withOneRound(text: string, values: ReadonlyMap<string, string>): string | null {
  const pieces: string[] = [];
  let length = 0;
  let at = 0;
  const add = (piece: string) => {
    pieces.push(piece);
    length += piece.length;
  };
  for (const match of text.matchAll(reference)) {
    const value = values.get(match[1] as string);
    if (value === undefined) continue;
    add(text.slice(at, match.index));
    add(value);
    at = match.index + match[0].length;
    if (length > Math.max(MAX_TEXT, 2 * text.length)) return null;
  }
  add(text.slice(at));
  return pieces.join('');
}

/** Characters by number are put in when an entity is declared, and so may be the marks of an element. */
function characters(value: string): string {
  return value.replaceAll(/&#(?:x([\da-f]{1,6})|(\d{1,7}));/gi, (whole, hex, decimal) => {
    const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
