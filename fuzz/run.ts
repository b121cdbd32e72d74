/** `npm run fuzz`: sends what nobody would send, and looks for what must not come of it. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { fuzzApi } from './api/fuzz-api.ts';
import { type FuzzTarget, fuzzParsers } from './parsers/fuzz-parsers.ts';
import { scan } from './parsers/scan.ts';

/** Kinds that open files in ways that are fuzzed. */
const targets: Readonly<Record<string, FuzzTarget>> = { scan };

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
  .action(({ seconds, seed }: { seconds: number; seed: number }) =>
    reportOf((folder, say) => fuzzApi({ folder, seconds, seed, say })),
  );
program
  .command('parsers')
  .description(
    'changed files to every parser of a kind, in its child processes: nothing but defined results, no child left',
  )
  .addOption(new Option('--kind <kind>', 'whose parsers').choices(Object.keys(targets)).default('scan'))
  .option('--inputs <n>', 'how many files', whole, 10_000)
  .option('--seed <n>', 'the same seed changes the same files in the same way', whole, 1)
  .action(({ kind, inputs, seed }: { kind: string; inputs: number; seed: number }) =>
    reportOf((folder, say) =>
      fuzzParsers(targets[kind] as FuzzTarget, {
        ...{ folder, inputs, seed, say },
        atOnce: availableParallelism(),
      }),
    ),
  );
await program.parseAsync();

/** Runs it in a folder of its own, prints what was found, and ends with 1 where anything was. */
async function reportOf(
  fuzz: (folder: string, say: (line: string) => void) => Promise<string[]>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'doubletake-fuzz-'));
  // PostgreSQL's user passes through it when we are root.
  chmodSync(folder, 0o711);
  try {
    const found = await fuzz(folder, (line) => process.stderr.write(`${line}\n`));
    for (const line of found) console.log(line);
    console.log(found.length === 0 ? 'Nothing was found.' : `Found: ${found.length}.`);
    process.exitCode = found.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

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
