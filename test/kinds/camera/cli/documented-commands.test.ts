import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { buildProgram } from '../../../../src/cli/program.ts';
import { kinds } from '../../../../src/domain/kinds/index.ts';
import { kindViews } from '../../../../src/kinds/for-cli.ts';

const page = readFileSync(new URL('../../../../docs/camera.md', import.meta.url), 'utf8');
const commands = page.split('\n').filter((line) => line.startsWith('doubletake '));
/** As a shell takes them apart; the page has nothing but words and quotation marks. */
const wordsOf = (line: string) =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? (plain as string));

test('the page for camera owners has commands', () => expect(commands.length).toBeGreaterThan(2));

test.each(commands)('%s: there is such a command, with these options', async (line) => {
  let ran = 0;
  const run = () => async () => {
    ran++;
  };
  const program = buildProgram({ kinds: { definitions: kinds, views: kindViews }, run });
  await program.parseAsync(wordsOf(line).slice(1), { from: 'user' });
  expect(ran).toBe(1);
});
