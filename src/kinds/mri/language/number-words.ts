/**
 * Finds numbers that a model wrote itself, however they are written. A text that only letters of ASCII and a few marks are
 * allowed in has no digits of other scripts, no fractions, no invisible marks within words and no letters that only look
 * like Latin ones; what is left are words.
 */

/** All that a model's own text may be written with. */
const allowedMark = /[ \n,.;:()'"’‘“”–—-]/;

const ones = 'zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve';
const teens = '(?:thir|four|fif|six|seven|eigh|nine)teen';
const tens = 'twenty|thirty|fou?rty|fifty|sixty|seventy|eighty|ninet?y';
const powers = 'hundred|thousand|(?:m|b|tr|quadr|quint|z)illion|dozen|score|gross|lakh|crore|myriad';
const ordinals =
  '(?:four|fif|six|seven|eigh|nin|ten|eleven|twelf|hundred|thousand|million|billion)th|(?:twent|thirt|fort|fift|sixt|sevent|eight|ninet)ie(?:th|s)|teenth|first|second|third|nth|zeroth';
const number = `(?:${tens}|${teens}|${ordinals}|${powers}|${ones})`;
/** Whole words that are made of numbers only: `one`, `twentyone`, `tenfold`, `hundredths`, `sixish`. */
const madeOfNumbers = new RegExp(
  `^(?:and)?(?:${number}(?:and)?)+(?:th|s|ths|ish|some|fold|ly|odd|plus|er|ers)?$`,
);

/** Too long to be a part of another word by chance; `weight` and `between` have none of them. */
const withinWord =
  /three|seven|eleven|twel[fv]|twent|thirt|fifty|fifth|sixty|ninet|eighty|hundred|thousand|illion|dozen|teen|tenth/;

const quantifiers = new Set(
  [
    'once twice thrice single singles singly double doubles doubled doubling doubly triple triples tripled treble trebled',
    'quadruple quadrupled quintuple sextuple dual duo trio quartet quintet pair pairs paired couple couples brace',
    'half halves halved halving halfway quarter quarters quartered semi demi unity',
    'percent percentage percentages permille percentile percentiles centile centiles quartile quartiles tertile decile',
    'majority minority nil nought naught null zilch umpteen deuce fortnight decade decades century centuries millennium',
    'teens teenage teenager septuagenarian octogenarian nonagenarian centenarian pi',
    // Of other languages in letters of ASCII, but for words that are English too.
    'eins zwei drei vier funf fuenf sechs sieben acht neun zehn elf zwolf zwoelf zwanzig dreissig hundert tausend halb',
    'deux trois quatre cinq sept huit neuf dix onze douze treize quatorze quinze vingt trente quarante cinquante soixante cent mille moitie',
    'uno dos tres cuatro cinco seis siete ocho nueve diez doce trece veinte treinta cien ciento mil mitad',
    'tre quattro cinque sei sette otto nove dieci venti cento',
    'dois duas quatro sete oito dez vinte cem twee drie vijf zes zeven negen tien twintig honderd duizend',
    'unus tria quattuor quinque octo novem decem viginti centum',
  ]
    .join(' ')
    .split(' '),
);

const roman = /^M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})$/i;
const romanAlsoWords = new Set(['mix', 'di', 'mi']);

/** Names of structures that are called by a number. */
const names = /\b(third|fourth) ventricle\b/gi;

/** Most pieces that a number may be cut into and still be found. */
const mostPieces = 4;

/**
 * The numbers in a text, as they are written there, and characters that it may not have. Placeholders and citations have
 * been taken out before.
 */
export function findNumbers(text: string): string[] {
  const found = new Set<string>();
  for (const [mark] of text.matchAll(/[^A-Za-z]/gu)) if (!allowedMark.test(mark)) found.add(mark);
  const words = text.replace(names, ' ventricle').match(/[A-Za-z]+/g) ?? [];
  for (const [at, word] of words.entries()) {
    if (isNumber(word) || isLoneLetter(word)) found.add(word);
    // Cut into pieces: `se ven`, `twen-ty`.
    for (let pieces = 2; pieces <= mostPieces && at + pieces <= words.length; pieces++) {
      const cut = words.slice(at, at + pieces);
      if (isWholeNumber(cut.join('').toLowerCase())) found.add(cut.join(' '));
    }
  }
  return [...found];
}

/** The short ones among the quantifiers are pieces of other words by chance. */
function isWholeNumber(joined: string): boolean {
  return madeOfNumbers.test(joined) || (joined.length > 3 && quantifiers.has(joined));
}

function isNumber(word: string): boolean {
  const lower = word.toLowerCase();
  if (madeOfNumbers.test(lower) || withinWord.test(lower) || quantifiers.has(lower)) return true;
  if (roman.test(word) && !romanAlsoWords.has(lower)) return true;
  // `aboutFifty`
  const parts = word.split(/(?<=[a-z])(?=[A-Z])/);
  return parts.length > 1 && parts.some(isNumber);
}

/** Only `a` is a word; `s` and `t` follow an apostrophe. What else stands alone may spell something. */
function isLoneLetter(word: string): boolean {
  return word.length === 1 && !/[ast]/i.test(word);
}
