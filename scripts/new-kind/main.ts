import { join } from 'node:path';
import { CannotAdd } from './cannot-add.ts';
import { formatted } from './formatted.ts';
import { planKind } from './plan-kind.ts';
import { refuseName } from './refuse-name.ts';
import { writeAll } from './write-all.ts';

/** `npm run new-kind NAME`: writes a kind that passes every check as it is, and names it in the registries. */

const root = join(import.meta.dirname, '..', '..');
const [name, ...more] = process.argv.slice(2);

try {
  if (name === undefined || more.length > 0 || name.startsWith('-'))
    throw new CannotAdd('Give one name for the kind: npm run new-kind tally');
  refuseName(root, name);
  const changes = formatted(root, planKind(root, name));
  writeAll(root, changes);
  const listed = (edited: boolean) =>
    changes.filter(({ before }) => (before !== undefined) === edited).map(({ path }) => `  ${path}`);
  console.log(
    [
      `Kind "${name}": ${listed(false).length} new files`,
      ...listed(false),
      'and a line in each registry',
      ...listed(true),
      '',
      `Try it:    npm start -- --kind ${name} FILE`,
      `Test it:   npm test -- test/kinds/${name} test/domain/kinds/${name}`,
      'Go on:     docs/adding-a-kind.md',
    ].join('\n'),
  );
} catch (error) {
  if (!(error instanceof CannotAdd)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
