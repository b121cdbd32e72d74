// `npm test [-- jest's arguments]`: sets up what is missing, then runs every test on real servers.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages } from './bootstrap/install.mjs';
import { checkRequirements, goAdvice, Missing } from './bootstrap/requirements.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

try {
  checkRequirements();
  const advice = goAdvice();
  if (advice) console.error(advice);
  process.exitCode = await runJest(await installPackages());
} catch (error) {
  console.error(error instanceof Missing ? `\n${error.message}` : error);
  process.exitCode = 1;
}

/**
 * Jest's own last lines, then the counts alone on a line; a run in which no test ran has failed.
 * @param {string} node
 */
async function runJest(node) {
  const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const flags = ['--experimental-vm-modules', '--no-warnings', jest, ...process.argv.slice(2)];
  const child = spawn(node, flags, { cwd: root, stdio: ['inherit', 'inherit', 'pipe'] });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
    process.on(signal, () => child.kill(signal));
  let counts = '';
  child.stderr.on('data', (/** @type {Buffer} */ chunk) => {
    process.stderr.write(chunk);
    counts = /^Tests: .*$/m.exec(`${chunk}`)?.[0] ?? counts;
  });
  const code = await new Promise((settle) => child.once('close', (code) => settle(code ?? 1)));
  const count = (/** @type {string} */ word) => Number(new RegExp(`(\\d+) ${word}`).exec(counts)?.[1] ?? 0);
  const skipped = count('skipped') + count('todo');
  console.log(`${count('passed')} passed, ${count('failed')} failed${skipped ? `, ${skipped} skipped` : ''}`);
  if (count('passed') + count('failed') === 0) return code || 1;
  return code;
}
