/** A question in the forms in which it is asked of the database. */
export interface ExpandedQuery {
  /** All of the question's own words, for passages that have every one. */
  strict: string;
  /** Any of its words and of those that mean the same, for `websearch_to_tsquery`. */
  relaxed: string;
  /** Its words one by one, for a search that forgives spelling. */
  words: string[];
}

const most = 40;
/** Words that say nothing about what is asked, and those that `websearch_to_tsquery` would take for operators. */
const empty = new Set(
  'a an and any are as at be between by can do does for from has have how if in into is it its made many much near not of on or over said say says that the their there they this to was what when where which who whose why with'.split(
    ' ',
  ),
);

/** @param synonyms groups of words that mean the same */
export function expandQuery(question: string, synonyms: readonly (readonly string[])[]): ExpandedQuery {
  const plain = ` ${wordsOf(question).join(' ')} `;
  const words = [...new Set(wordsOf(question))]
    .filter((word) => word.length > 1 && !empty.has(word))
    .slice(0, most);
  const meant = synonyms
    .map((group) => group.map((term) => wordsOf(term).join(' ')))
    .filter((group) => group.some((term) => plain.includes(` ${term} `)))
    .flat();
  const terms = [...new Set([...words, ...meant])].filter(Boolean).slice(0, 2 * most);
  return {
    strict: words.join(' '),
    relaxed: terms.map((term) => (term.includes(' ') ? `"${term}"` : term)).join(' or '),
    words,
  };
}

/** Letters and digits only: nothing of a question is an operator. */
function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
