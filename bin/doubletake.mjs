#!/usr/bin/env node
// `doubletake …`: finds the Node.js that runs TypeScript and hands over to it.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
process.exitCode = await handOver(recent ? process.execPath : own, [
  '--disable-warning=ExperimentalWarning',
  join(root, 'src', 'cli.ts'),
  ...process.argv.slice(2),
]);
