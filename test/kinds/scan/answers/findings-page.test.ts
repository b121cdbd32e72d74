import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { findingsPage } from '../../../../src/kinds/scan/answers/findings-page.ts';
import { catalogue } from '../../../../src/kinds/scan/stages/catalogue.ts';

test('docs/findings.md says what the code says; "npm run findings" writes it', () => {
  expect(readFileSync(new URL('../../../../docs/findings.md', import.meta.url), 'utf8')).toBe(
    findingsPage(catalogue),
  );
});

test('ids are stable words, and every finding says why', () => {
  for (const [id, { title, score, why, attack }] of Object.entries(catalogue)) {
    expect(id).toMatch(/^[a-z0-9]+\.[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(score).toBeGreaterThanOrEqual(0);
    expect(score).toBeLessThanOrEqual(1000);
    expect(Math.min(title.length, why.length)).toBeGreaterThan(10);
    if (attack) expect(attack).toMatch(/^T\d{4}(\.\d{3})?$/);
  }
});
