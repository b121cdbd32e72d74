#!/usr/bin/env node
/**
 * Adds to package-lock.json the platform packages that npm left out.
 *
 * A registry mirror that does not carry every platform's build of a package (`@biomejs/cli-darwin-arm64`, …) makes
 * `npm install` drop those optional packages from the lock, after which `npm ci` refuses the lock everywhere: "Missing:
 * … from lock file". Run this after `npm install` where that happens; where nothing is missing it changes nothing.
 * `--check` only says whether something is missing (exit code 1).
 */
import { readFileSync, writeFileSync } from 'node:fs';

const path = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(path, 'utf8'));

const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const processors = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
];
/** Other spellings in package names. */
const spelling = {
  macos: 'darwin',
  windows: 'win32',
  armv6: 'arm',
  armv7: 'arm',
  ppc64le: 'ppc64',
  ppc64el: 'ppc64',
  x86: 'ia32',
};

/** The platform a package is for, as its name says it. */
function platformOf(name) {
  const words = name.split(/[/-]/).map((word) => spelling[word] ?? word);
  const os = words.filter((word) => systems.includes(word));
  const cpu = words.filter((word) => processors.includes(word));
  const musl = words.some((word) => word.startsWith('musl'));
  const libc = os.includes('linux') && musl ? { libc: ['musl'] } : {};
  return { ...(cpu.length > 0 && { cpu }), ...(os.length > 0 && { os }), ...libc };
}

const added = [];
for (const [at, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const nested = `${at}/node_modules/${name}`;
    if (lock.packages[nested] || lock.packages[`node_modules/${name}`]) continue;
    const platform = platformOf(name);
    // Without an exact version or a platform in its name it is not what this script is for.
    if (!/^\d[\w.-]*$/.test(version) || Object.keys(platform).length === 0) continue;
    lock.packages[`node_modules/${name}`] = {
      version,
      ...platform,
      ...(dev && { dev: true }),
      optional: true,
    };
    added.push(`${name}@${version}`);
  }
}

if (added.length === 0) process.exit(0);
console.error(`package-lock.json lacks ${added.length} platform packages: ${added.join(' ')}`);
if (process.argv.includes('--check')) process.exit(1);
const [root, ...rest] = Object.entries(lock.packages);
lock.packages = Object.fromEntries([root, ...rest.sort(([a], [b]) => (a < b ? -1 : 1))]);
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
