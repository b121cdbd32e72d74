import { execFile, spawnSync } from 'node:child_process';
import { relative } from 'node:path';
import { promisify } from 'node:util';
import { jest, root } from './run-jest.mjs';

/** Files that differ from where this branch left `origin/main`, or from the last commit where there is none. */
export function changedFiles() {
  const base = git('merge-base', 'HEAD', 'origin/main')[0] ?? git('merge-base', 'HEAD', 'main')[0] ?? 'HEAD';
  const tracked = git('diff', '--name-only', '--diff-filter=d', base);
  return [...tracked, ...git('ls-files', '--others', '--exclude-standard')];
}

/**
 * Test files of a project of `jest.config.mjs`.
 * @param {string} node
 * @param {string} project
 */
export function filesOf(node, project) {
  return listTests(node, '--selectProjects', project);
}

/**
 * Test files that import any of `files`, directly or not, or are among them.
 * @param {string} node
 * @param {string[]} files
 * @returns {Promise<string[]>}
 */
export async function relatedTo(node, files) {
  const code = files.filter((file) => /\.(ts|mjs|cjs|json)$/.test(file));
  return code.length > 0 ? listTests(node, '--findRelatedTests', ...code) : [];
}

/**
 * @param {string} node
 * @param {...string} args
 */
async function listTests(node, ...args) {
  const { stdout } = await promisify(execFile)(node, [...jest, '--listTests', '--json', ...args], {
    cwd: root,
    maxBuffer: 2 ** 24,
  });
  const list = stdout.slice(stdout.indexOf('['));
  return /** @type {string[]} */ (JSON.parse(list)).map((file) => relative(root, file));
}

/** @param {...string} args */
function git(...args) {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.split('\n').filter(Boolean) : [];
}
