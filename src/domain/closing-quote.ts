/**
 * Where a quoted value ends: at the next mark that is not escaped more often than the one that opened it.
 * @param opening the mark that opened it, with the backslashes before it
 */
export function closingQuote(text: string, from: number, opening: string): number {
  const depth = opening.length - 1;
  const mark = opening.at(-1) as string;
  for (let at = text.indexOf(mark, from); at >= 0; at = text.indexOf(mark, at + 1)) {
    let escapes = 0;
    while (at - escapes > from && text[at - escapes - 1] === '\\') escapes++;
    if (depth === 0 ? escapes % 2 === 0 : escapes <= depth) return depth === 0 ? at : at - escapes;
  }
  return text.length;
}
