import { expect, test } from '@jest/globals';
import { wordsAsked, wordsOf, wordsOfEvent } from '../../../../../src/kinds/camera/events/words.ts';

test.each([
  ['A person walks, a PERSON runs.', ['a', 'person', 'walks', 'runs']],
  ['front-door_2 10:30', ['front', 'door', '2', '10', '30']],
  ['Straße STRASSE', ['strasse']],
  ['ﬁre ΟΔΟΣ Ünïcödé', ['fire', 'οδος', 'ünïcödé']],
  // Composed and decomposed.
  ['é é', ['é']],
  ['黒い猫', ['黒', 'い', '猫']],
  ['แมว', ['แ', 'ม', 'ว']],
  ['a cat 🐈 here', ['a', 'cat', '🐈', 'here']],
  ['𐐀𐐨 𝒳', ['𐐨𐐨', 'x']],
  ["'); DROP TABLE events; --", ['drop', 'table', 'events']],
  ['running runs run', ['running', 'runs', 'run']],
  ['!?.', []],
])('%s has the words %j', (text, words) => {
  expect(wordsOf(text)).toEqual(words);
});

test('what is looked for is told apart as what was stored', () => {
  for (const text of ['Straße', 'ΟΔΟΣ', 'İstanbul', 'ﬁre', '黒い猫', 'Ǆ ǅ', 'ⅷ'])
    for (const asked of [text, text.toUpperCase(), text.toLowerCase(), text.normalize('NFD')])
      expect([asked, wordsAsked(asked)]).toEqual([asked, wordsOf(text)]);
});

test('a word that is too long is found by its beginning', () => {
  const [word] = wordsOf('𝒳'.repeat(5000));
  expect(word).toBe('x'.repeat(100));
  expect(wordsOf('x'.repeat(101))).toEqual(wordsOf('x'.repeat(100)));
});

test('a query without a word, and one with too many, is refused', () => {
  expect(() => wordsAsked(' !? ')).toThrow('`q` has no word');
  const many = Array.from({ length: 51 }, (_, n) => `w${n}`).join(' ');
  expect(() => wordsAsked(many)).toThrow('at most 50');
});

test('an event is found by its description, labels, zones and camera', () => {
  const box = { x: 0, y: 0, width: 1, height: 1 };
  const event = {
    camera_id: 'back.yard',
    llm_description: 'Somebody came.',
    detected_objects: [{ label: 'sports ball', confidence: 1, box }],
    zones: ['Drive-Way'],
  };
  const words = ['back', 'yard', 'drive', 'way', 'sports', 'ball'];
  expect(wordsOfEvent(event)).toEqual([...words, 'somebody', 'came']);
  expect(wordsOfEvent({ ...event, llm_description: null })).toEqual(words);
});
