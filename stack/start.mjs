// `npm start [-- FILE [--kind technique] [--quick | --deep]]`: plain JavaScript for the Node.js that is there.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readArguments } from './bootstrap/arguments.mjs';
import { handOver } from './bootstrap/hand-over.mjs';
import { installPackages } from './bootstrap/install.mjs';
import { checkRequirements, goAdvice, Missing } from './bootstrap/requirements.mjs';

const here = dirname(fileURLToPath(import.meta.url));

try {
  checkRequirements();
  readArguments(process.argv.slice(2));
  const advice = goAdvice();
  if (advice) console.error(advice);
  const node = await installPackages();
  process.exitCode = await handOver(node, ['--no-warnings', join(here, 'up.ts'), ...process.argv.slice(2)]);
} catch (error) {
  console.error(error instanceof Missing ? `\n${error.message}` : error);
  process.exitCode = 1;
}
