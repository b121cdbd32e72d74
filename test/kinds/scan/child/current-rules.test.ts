import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from '@jest/globals';
import { CurrentRules } from '../../../../src/kinds/scan/child/current-rules.ts';
import { fileOf } from '../stages/file-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'doubletake-rules-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const rule = (name: string, word: string, score: number) =>
  `rule ${name} { meta: score = ${score} title = "Says ${word}" strings: $a = "${word}" condition: $a }`;
const text = 'a text with apples and pears in it\n';

async function found(rules: CurrentRules) {
  const { findings, facts } = await rules.stage().look(await fileOf('notes.txt', text));
  return { ids: findings.map(({ id, kind }) => [id, kind?.score]), facts };
}

test("an operator's rule counts as soon as it is there; one that does not compile is named, and the others work", async () => {
  write('fruit.yar', rule('apples', 'apples', 400));
  const rules = new CurrentRules(folder);
  const before = rules.stage().version;
  expect(await found(rules)).toEqual({ ids: [['yara.apples', 400]], facts: undefined });

  write('more.yar', rule('pears', 'pears', 350));
  write('broken.yar', 'rule broken { condition: nonsense }');
  let now = await found(rules);
  for (; now.ids.length < 2; now = await found(rules)) await sleep(100);
  expect(now.ids.sort()).toEqual([
    ['yara.apples', 400],
    ['yara.pears', 350],
  ]);
  expect(now.facts).toEqual({ rules_left_out: [expect.stringMatching(/^broken\.yar: /)] });
  // The version tells the results of other rules apart.
  expect(rules.stage().version).not.toBe(before);
});

test('a folder that cannot be read makes the stage fail, and says so', async () => {
  const stage = new CurrentRules(join(folder, 'not-there')).stage();
  expect(stage.name).toBe('yara');
  expect(() => stage.look({} as never)).toThrow('The folder of rules cannot be read (ENOENT).');
});
