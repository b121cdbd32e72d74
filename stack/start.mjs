// `npm start [-- FILE [options]]`: plain JavaScript for the Node.js that is there.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asksForHelp, help, readArguments } from './bootstrap/arguments.mjs';
import { handOver } from './bootstrap/hand-over.mjs';
import { installPackages } from './bootstrap/install.mjs';
import { checkRequirements, goAdvice, Missing } from './bootstrap/requirements.mjs';

const here = dirname(fileURLToPath(import.meta.url));

try {
  const args = process.argv.slice(2);
  if (asksForHelp(args)) {
    console.log(help);
    process.exit(0);
  }
  checkRequirements();
  readArguments(args);
  const advice = goAdvice();
  if (advice) console.error(advice);
  const node = await installPackages();
  process.exitCode = await handOver(node, ['--no-warnings', join(here, 'up.ts'), ...args]);
} catch (error) {
  console.error(error instanceof Missing ? `\n${error.message}` : error);
  process.exitCode = 1;
}
