import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Something the machine lacks; the message says what, and what to do. */
export class Missing extends Error {}

/**
 * What must be there before anything else can be.
 *
 * @throws {Missing}
 */
export function checkRequirements() {
  const node = process.versions.node;
  if (Number(node.split('.')[0]) < 20)
    throw new Missing(
      `Node.js 20 or newer is needed, this is ${node}. Install one from https://nodejs.org and start again.`,
    );
  if (process.platform === 'win32')
    throw new Missing(
      'The embedded servers run on Linux and macOS. On Windows use WSL, or docker compose (docker-compose.yml).',
    );
  const npm = npmVersion();
  if (!npm)
    throw new Missing(
      'npm was not found. It comes with Node.js (on Debian: apt install npm). Install it and start again.',
    );
  if (Number(npm.split('.')[0]) < 9)
    throw new Missing(
      `npm 9 or newer is needed, this is ${npm}. Run "npm install --global npm@11" and start again.`,
    );
}

/** @returns {string | undefined} */
function npmVersion() {
  try {
    return execFileSync('npm', ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}

/**
 * Words of warning when Go is not here though it will probably be needed; nothing is certain yet, as a download
 * may do.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined}
 */
export function goAdvice(env = process.env) {
  const cache =
    env.DOUBLETAKE_CACHE || join(env.XDG_CACHE_HOME || join(env.HOME ?? '', '.cache'), 'doubletake');
  const folders = [...(env.PATH ?? '').split(delimiter), join(cache, 'bin')];
  const has = (/** @type {string} */ file) => folders.some((folder) => existsSync(join(folder, file)));
  const lacking = [
    ...(env.TEMPORAL_CLI || has('temporal') ? [] : ['the Temporal CLI']),
    ...(env.VERSITYGW || has('versitygw') ? [] : ['versitygw (the S3 server)']),
  ];
  if (lacking.length === 0 || has('go')) return undefined;
  return `Go is not installed, so ${lacking.join(' and ')} can only be downloaded. Should that fail, install Go 1.25 or newer.`;
}
