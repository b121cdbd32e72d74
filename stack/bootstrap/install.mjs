import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { step } from './progress.mjs';
import { Missing } from './requirements.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const modules = join(root, 'node_modules');

/**
 * Installs the packages unless they are those of the lock file already.
 *
 * @returns {Promise<string>} path of the Node.js that runs TypeScript
 * @throws {Missing} when npm fails
 */
export async function installPackages() {
  if (!installed()) {
    const release = await takeTurn();
    try {
      if (!installed()) await step('Installing packages (npm ci)', npmCi);
    } finally {
      release();
    }
  }
  return node24();
}

/**
 * npm's own record, which it writes when it is through, names every package of the lock file at its version.
 * Optional ones may be for other platforms.
 */
function installed() {
  const record = join(modules, '.package-lock.json');
  if (!existsSync(record)) return false;
  const there = packagesOf(record);
  const wanted = Object.entries(packagesOf(join(root, 'package-lock.json')));
  return wanted.every(([at, { version, optional }]) => !at || optional || there[at]?.version === version);
}

/**
 * @param {string} lockFile
 * @returns {Record<string, {version?: string, optional?: boolean}>}
 */
function packagesOf(lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
}

/** @param {(note: string) => void} note */
async function npmCi(note) {
  const first = await npm(['ci'], note);
  // A lock file that does not fit package.json is a developer's slip; what it does say still holds.
  const { code, output } =
    first.code !== 0 && first.output.includes('EUSAGE') ? await npm(['install', '--no-save'], note) : first;
  if (code === 0) return;
  const words = output
    .split('\n')
    .filter((line) => /^npm (error|ERR!)/.test(line))
    .slice(0, 12);
  throw new Missing(
    `npm could not install the packages (exit code ${code}):\n  ${words.join('\n  ')}\nCheck that this machine reaches its npm registry and that the disk has 2 GB free, then start again.`,
  );
}

/**
 * @param {string[]} args
 * @param {(note: string) => void} note
 * @returns {Promise<{code: number | null, output: string}>}
 */
function npm(args, note) {
  // onnxruntime-node would download GPU files that nothing here uses; node-av an ffmpeg program. (In .npmrc npm
  // warns of what it does not know.)
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip', SKIP_FFMPEG: 'true' };
  const child = spawn('npm', [...args, '--no-audit', '--no-fund'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const listen = (/** @type {Buffer} */ chunk) => {
    output += chunk;
    const line = String(chunk).trim().split('\n').at(-1) ?? '';
    if (/^added/.test(line)) note(line);
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const leave = (/** @type {NodeJS.Signals} */ signal) => {
    child.kill(signal);
    process.exit(130);
  };
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  for (const signal of signals) process.once(signal, leave);
  return new Promise((settle, fail) => {
    child.once('error', fail);
    child.once('close', (code) => {
      for (const signal of signals) process.off(signal, leave);
      settle({ code, output });
    });
  });
}

/** Two starts at once in one checkout must not both run npm. */
async function takeTurn() {
  const lock = join(root, '.doubletake', 'installing');
  try {
    mkdirSync(dirname(lock), { recursive: true });
    accessSync(root, constants.W_OK);
  } catch {
    throw new Missing(
      `The packages must be installed into ${modules}, and you may not write there. Make a clone of your own.`,
    );
  }
  const free = () => {
    try {
      mkdirSync(lock);
      writeFileSync(join(lock, 'pid'), String(process.pid));
      return true;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
      return false;
    }
  };
  if (!free()) {
    await step('Another start is installing packages', async () => {
      while (!free()) {
        await new Promise((wake) => setTimeout(wake, 500));
        if (!holderLives(lock)) rmSync(lock, { recursive: true, force: true });
      }
    });
  }
  return () => rmSync(lock, { recursive: true, force: true });
}

/** @param {string} lock */
function holderLives(lock) {
  try {
    process.kill(Number(readFileSync(join(lock, 'pid'), 'utf8')), 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * The Node.js 24 that the package `node` brings. Its own install script fetches the program; where npm was told to
 * run no scripts (`ignore-scripts`, or npm 12's default) we run that one ourselves.
 */
async function node24() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const folder = join(modules, 'node');
  const program = join(folder, 'bin', 'node');
  const works = () => spawnSync(program, ['--version']).status === 0;
  if (works()) return program;
  await step('Installing Node.js 24', async () => {
    const env = { ...process.env, npm_config_ignore_scripts: 'false' };
    const child = spawn(process.execPath, ['installArchSpecificPackage.js'], {
      cwd: folder,
      env,
      stdio: 'ignore',
    });
    await new Promise((settle) => child.once('close', settle).once('error', settle));
  });
  if (works()) return program;
  throw new Missing(
    'Node.js 24, which runs TypeScript, could not be installed beside yours. Install Node.js 24 or newer (https://nodejs.org) and start again.',
  );
}
