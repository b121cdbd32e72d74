import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { shortEvidence, stageScore, toFinding } from '../../../../src/kinds/scan/analysis/findings.ts';

const catalogue = { 'a.b': { title: 'Title', score: 40, why: 'because', attack: 'T1204.002' } };

test('a finding has its place, and from the catalogue its title, score and technique', () => {
  expect(toFinding({ id: 'a.b', offset: 12, evidence: 'x\ny' }, 'f.zip/g', catalogue)).toEqual({
    id: 'a.b',
    title: 'Title',
    score: 40,
    where: { path: 'f.zip/g', offset: 12 },
    evidence: 'x\\x0ay',
    attack: 'T1204.002',
  });
  expect(() => toFinding({ id: 'a.c', evidence: '' }, 'f', catalogue)).toThrow(RangeError);
});

test('evidence is short, well formed, on one line, and turns no text around', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
      const evidence = shortEvidence(text);
      expect(Buffer.byteLength(evidence)).toBeLessThanOrEqual(256);
      expect(evidence.isWellFormed()).toBe(true);
      expect(evidence).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
  expect(shortEvidence('invoice\u202efdp.exe')).toBe('invoice\\u202efdp.exe');
  expect(shortEvidence(`${'a'.repeat(255)}é`)).toBe('a'.repeat(255));
});

test("a stage's score is the sum, at most 1000", () => {
  expect(stageScore([])).toBe(0);
  expect(stageScore([{ score: 40 }, { score: 300 }])).toBe(340);
  expect(stageScore([{ score: 700 }, { score: 700 }])).toBe(1000);
});
