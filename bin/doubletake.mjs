#!/usr/bin/env node
// `doubletake …`: finds the Node.js that runs TypeScript and hands over to it.
import { existsSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { handOver } from '../stack/bootstrap/hand-over.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const own = join(root, 'node_modules', 'node', 'bin', 'node');
const recent = Number(process.versions.node.split('.')[0]) >= 24;
if (!recent && !existsSync(own)) {
  console.error(
    'doubletake: the packages are not installed. Run "npm start" in the project once, then try again.',
  );
  process.exit(1);
}
process.exitCode = await handOver(
  recent ? process.execPath : own,
  ['--disable-warning=ExperimentalWarning', join(root, 'src', 'cli.ts'), ...process.argv.slice(2)],
  { ...process.env, DOUBLETAKE_COMMAND: asTyped() },
);

/** So that the hints we print can be pasted back. */
function asTyped() {
  if (process.env.npm_command === 'exec') return 'npx doubletake';
  const called = process.argv[1] ?? '';
  if ((process.env.PATH ?? '').split(delimiter).includes(dirname(called))) return 'doubletake';
  return `node ${relative(process.cwd(), called) || called}`;
}
