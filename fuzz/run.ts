/** `npm run fuzz`: sends what nobody would send, and looks for what must not come of it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { fuzzApi } from './api/fuzz-api.ts';

const program = new Command('fuzz').description(
  'Sends generated input and fails when something comes of it that must not.',
);
program
  .command('api')
  .description(
    'generated requests to every operation, with authentication on: no server error, no undocumented answer, no operation that is not asked, no secret in a log (needs Python 3 with venv)',
  )
  .option('--seconds <n>', 'how long requests are generated', positive, 120)
  .option(
    '--seed <n>',
    'draws what is generated; ids are others each time, and how far it gets is the machine’s affair',
    whole,
    1,
  )
  .action(async ({ seconds, seed }: { seconds: number; seed: number }) => {
    const folder = mkdtempSync(join(tmpdir(), 'doubletake-fuzz-'));
    try {
      const found = await fuzzApi({
        folder,
        seconds,
        seed,
        say: (line) => process.stderr.write(`${line}\n`),
      });
      for (const line of found) console.log(line);
      console.log(found.length === 0 ? 'Nothing was found.' : `Found: ${found.length}.`);
      process.exitCode = found.length === 0 ? 0 : 1;
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    }
  });
await program.parseAsync();

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('Give a number above 0.');
  return value;
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('Give a whole number.');
  return value;
}
