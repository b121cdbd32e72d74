// `npm run test:fast`: the pure tests and those that the change touches, in a minute; says what it leaves out.
import { availableParallelism } from 'node:os';
import { runJest, withPackages } from './tests/run-jest.mjs';
import { secondsOf, within } from './tests/seconds.mjs';
import { changedFiles, filesOf, relatedTo } from './tests/select.mjs';

/** Seconds for all of it, and what starting PostgreSQL, Temporal and S3 takes of them. */
const LIMIT = 55;
const SERVERS = 5;

await withPackages(async (node) => {
  const changed = changedFiles();
  const pure = await filesOf(node, 'pure');
  const related = (await relatedTo(node, changed)).filter((file) => !pure.includes(file));
  const first = (/** @type {string} */ file) => (changed.includes(file) ? 0 : 1);
  related.sort((a, b) => first(a) - first(b) || secondsOf(a) - secondsOf(b));
  const sum = pure.reduce((seconds, file) => seconds + secondsOf(file), 0);
  const cores = availableParallelism();
  const left = (LIMIT - SERVERS) * cores - sum;
  const [taken, leftOut] = within(left, related);
  console.log(
    `${changed.length} files changed: ${pure.length} pure test files, and ${taken.length} of ${related.length} related ones that need servers.`,
  );
  const code = await runJest(node, ['--runTestsByPath', ...pure, ...taken]);
  if (leftOut.length > 0) {
    const seconds = leftOut.reduce((all, file) => all + secondsOf(file), 0);
    console.log(`Left out, some ${Math.ceil(seconds / cores)} s more:\n  npm test -- ${leftOut.join(' ')}`);
  }
  console.log(
    'Tests that start src/worker.ts, src/server.ts or the command as a process are not known to be related; npm test runs all.',
  );
  return code;
});
