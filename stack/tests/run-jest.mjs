import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { handOver } from '../bootstrap/hand-over.mjs';
import { installPackages } from '../bootstrap/install.mjs';
import { checkRequirements, goAdvice, Missing } from '../bootstrap/requirements.mjs';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const jest = [
  '--experimental-vm-modules',
  '--no-warnings',
  join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
];

/**
 * Sets up what is missing, then does `work` in the project's folder; its result becomes the exit code.
 *
 * @param {(node: string) => Promise<number>} work gets the path of the Node.js that runs TypeScript
 */
export async function withPackages(work) {
  try {
    checkRequirements();
    const advice = goAdvice();
    if (advice) console.error(advice);
    const node = await installPackages();
    process.chdir(root);
    process.exitCode = await work(node);
  } catch (error) {
    console.error(error instanceof Missing ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}

/**
 * Jest's own output, then the counts alone on a line; a run in which no test ran has failed.
 *
 * @param {string} node
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
export async function runJest(node, args) {
  const folder = mkdtempSync(join(tmpdir(), 'doubletake-counts-'));
  const file = join(folder, 'counts.json');
  try {
    const code = await handOver(node, [...jest, ...args], {
      ...process.env,
      DOUBLETAKE_TEST_COUNTS: file,
    });
    if (!existsSync(file)) return code || 1;
    const { passed, failed, skipped } = JSON.parse(readFileSync(file, 'utf8'));
    console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
    return code || (passed + failed === 0 || failed > 0 ? 1 : 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
