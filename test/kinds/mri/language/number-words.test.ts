import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findNumbers } from '../../../../src/kinds/mri/language/number-words.ts';

test.each([
  ...[
    '7',
    '3.5',
    '٣',
    '७',
    '７',
    '𝟗',
    '½',
    '¾',
    '²',
    '①',
    '⑳',
    'Ⅷ',
    'ⅳ',
    '〇',
    '二',
    '百',
    '零',
    '𐄇',
    '൧',
    '౩',
  ],
  ...['two', 'Two', 'TWO', 'a dozen', 'dozens', 'twice', 'thrice', 'once', 'half', 'halves', 'a quarter'],
  ...['two thirds', 'one', 'zero', 'twenty-one', 'twentyone', 'ninety nine', 'hundreds', 'a thousandth'],
  ...['millions', 'tenfold', 'two-fold', 'twofold', 'the first', 'second', 'third', 'sixties', 'a score'],
  ...[
    'a pair',
    'a couple',
    'double',
    'doubled',
    'triple',
    'percent',
    'per cent',
    'a decade',
    'teens',
    'unity',
  ],
  ...[
    'single',
    'aboutFifty',
    'oneHundred',
    'se ven',
    't wo',
    't-w-o',
    'tw-o',
    'twe nt y',
    'nine teen',
    'fif-teen',
  ],
  ...['II', 'IV', 'VIII', 'xii', 'Mm', 'MMXXVI', 'I', 'V', 'X', 'L', 'C', 'D', 'M', 'v', 'iii'],
  ...['zwei', 'deux', 'cinq', 'dos', 'tre', 'zes', 'mille', 'cent'],
  ...[
    'оne',
    'tw\u200bo',
    'twо',
    'o\u0301ne',
    'ｔｗｏ',
    'th\u00adree',
    'f\u2060our',
    'ﬁve',
    'ſix',
    '𝗍𝗐𝗈',
    'ⓣⓦⓞ',
  ],
  ...[
    '5 %',
    '#',
    '%',
    '‰',
    '±',
    '×',
    '<b>',
    '`',
    '|',
    '*',
    '_',
    '\\',
    '$',
    '☝',
    '🔟',
    '∞',
    'π',
    '/',
    '\t',
    '\0',
  ],
])('%j is found', (text) => {
  expect(findNumbers(`The grey matter is ${text} here.`)).not.toEqual([]);
});

test.each([
  'The third ventricle lies between the thalami, and the fourth ventricle behind the brain stem.',
  'Both hemispheres are seen; often the network of bones weighs the height of someone alone.',
  'The person’s cortex (as the sources say) – a folded sheet — is “bright”, not dark: it’s mixed.',
  'Attention, intention, content, stone, phone, component, sixpence-like forms of tension and tendency.',
  'A mild, vivid, civil mix; a dim lid; an ill mill did fill a livid vim.',
  'many several few most some all every each',
])('%j holds none', (text) => {
  expect(findNumbers(text)).toEqual([]);
});

/** How adversaries write a number. */
const words = [
  ...[
    'zero',
    'one',
    'two',
    'three',
    'four',
    'five',
    'six',
    'seven',
    'eight',
    'nine',
    'ten',
    'eleven',
    'twelve',
  ],
  ...[
    'thirteen',
    'nineteen',
    'twenty',
    'thirty',
    'forty',
    'fifty',
    'ninety',
    'hundred',
    'thousand',
    'million',
  ],
  ...['dozen', 'twice', 'half', 'third', 'quarter', 'fifth', 'double', 'percent', 'IV', 'XII'],
];
const digit = fc
  .integer({ min: 0, max: 0x10ffff })
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code))
  .filter((char) => /\p{N}/u.test(char));
const separator = fc.constantFrom('', ' ', '-', '–', ' - ', '’', '.', ', ', '\n');
const written = fc.oneof(
  digit,
  fc.constantFrom(...words),
  fc.constantFrom(...words).map((word) => word.toUpperCase()),
  // Two of them in one, such as `twentyone` and `ninetyfold`.
  fc
    .tuple(fc.constantFrom(...words.slice(0, 24)), fc.constantFrom(...words.slice(0, 24)))
    .map((two) => two.join('')),
  // Cut somewhere.
  fc
    .tuple(fc.constantFrom(...words.slice(0, 25)), fc.nat(20), separator)
    .map(
      ([word, at, by]) =>
        `${word.slice(0, 1 + (at % (word.length - 1)))}${by}${word.slice(1 + (at % (word.length - 1)))}`,
    ),
  // With what cannot be seen.
  fc
    .tuple(
      fc.constantFrom(...words.filter((word) => word.length > 2)),
      fc.constantFrom('\u200b', '\u200d', '\u2060', '\u00ad', '\u0301', '\ufe0f'),
    )
    .map(([word, mark]) => `${word.slice(0, 2)}${mark}${word.slice(2)}`),
);
const around = fc.constantFrom('The grey matter is ', 'of ', '', 'and ', 'measures ', 'volume (', 'brain, ');
const behind = fc.constantFrom(' of it.', '', ', or so', ') here', ' ml', '.');

test('no number slips through, however it is written', () => {
  fc.assert(
    fc.property(around, written, behind, (before, number, after) => {
      expect(findNumbers(before + number + after)).not.toEqual([]);
    }),
    { numRuns: 3000 },
  );
});

test('whatever passes has no digit of any script, and nothing that becomes one when it is normalised', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' })), (text) => {
      if (findNumbers(text).length === 0) expect(text.normalize('NFKD')).not.toMatch(/\p{N}/u);
    }),
    { numRuns: 3000 },
  );
});
