import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Category, categories, verdicts } from '../../../../src/kinds/scan/analysis/result.ts';
import { type StageName, stageNames } from '../../../../src/kinds/scan/analysis/stage.ts';
import {
  categoryOf,
  stagesFor,
  verdictOf,
  worstCategory,
  worstVerdict,
} from '../../../../src/kinds/scan/analysis/verdict.ts';

/** Every stage, all without a finding but for those that are given. */
function stages(given: Partial<Record<StageName, [Category, number?]>> = {}) {
  return stageNames.map((name) => {
    const [category, score = 0] = given[name] ?? ['undetected'];
    return { name, category, score };
  });
}

test.each([
  ['a score of 700 is malicious', { yara: ['malicious', 700] }, 'malicious'],
  ['one of 699 is suspicious', { yara: ['suspicious', 699] }, 'suspicious'],
  ['one of 300 is suspicious', { yara: ['suspicious', 300] }, 'suspicious'],
  ['one of 299 is a note', { yara: ['harmless', 299] }, 'clean'],
  ['notes of two stages do not add up', { yara: ['harmless', 299], type: ['harmless', 299] }, 'clean'],
  ['a timeout is unknown', { yara: ['timeout'] }, 'unknown'],
  ['a failure is unknown', { clamav: ['failure'] }, 'unknown'],
  ['what is incomplete is unknown', { unpack: ['incomplete'] }, 'unknown'],
  [
    'a finding outweighs what was not looked at',
    { unpack: ['incomplete'], yara: ['suspicious', 300] },
    'suspicious',
  ],
  ['nothing found is clean', {}, 'clean'],
  ['unsupported counts for nothing', { pdf: ['unsupported'], office: ['unsupported'] }, 'clean'],
] as const)('%s', (_, given, expected) => {
  expect(verdictOf('data', stages(given as never))).toBe(expected);
});

test('a type whose every listed stage is unsupported is unknown; another is clean', () => {
  expect(verdictOf('lzip', stages({ unpack: ['unsupported'] }))).toBe('unknown');
  expect(verdictOf('font', stages({ unpack: ['unsupported'] }))).toBe('clean');
  expect(verdictOf('ooxml', stages({ office: ['unsupported'] }))).toBe('clean');
  expect(verdictOf('ooxml', stages({ office: ['unsupported'], unpack: ['unsupported'] }))).toBe('unknown');
  for (const listed of Object.values(stagesFor))
    expect(stageNames).toEqual(expect.arrayContaining([...listed]));
});

test('a verdict is never better than its parts', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...verdicts), { minLength: 1 }), (parts) => {
      const order = ['clean', 'unknown', 'suspicious', 'malicious'];
      expect(order.indexOf(worstVerdict(parts))).toBe(Math.max(...parts.map((part) => order.indexOf(part))));
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...categories), { minLength: 1 }), (parts) => {
      expect(parts).toContain(worstCategory(parts));
      if (parts.includes('malicious')) expect(worstCategory(parts)).toBe('malicious');
      else if (parts.some((part) => ['timeout', 'failure', 'incomplete'].includes(part)))
        expect(['suspicious', 'timeout', 'failure', 'incomplete']).toContain(worstCategory(parts));
    }),
  );
});

test("a stage's category: findings first, then what it could not look at", () => {
  const none = { incomplete: false, hasFacts: false };
  expect(categoryOf([], none)).toBe('undetected');
  expect(categoryOf([], { ...none, hasFacts: true })).toBe('harmless');
  expect(categoryOf([{ score: 20 }], none)).toBe('harmless');
  expect(categoryOf([{ score: 20 }], { ...none, incomplete: true })).toBe('incomplete');
  expect(categoryOf([{ score: 150 }, { score: 150 }], { ...none, incomplete: true })).toBe('suspicious');
  expect(categoryOf([{ score: 400 }, { score: 400 }], none)).toBe('malicious');
});
