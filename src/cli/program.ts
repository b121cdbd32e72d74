import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import type { Actions } from './command-context.ts';
import { commandName } from './command-name.ts';
import { analyzeCommand } from './commands/analyze.ts';
import { assistCommand } from './commands/assist.ts';
import { cancelCommand } from './commands/cancel.ts';
import { deleteCommand } from './commands/delete.ts';
import { jobCommand } from './commands/job.ts';
import { jobsCommand } from './commands/jobs.ts';
import { keysCommand } from './commands/keys.ts';
import { retryCommand } from './commands/retry.ts';
import { exitCodeHelp } from './exit-codes.ts';

/** One file a command. */
const commands = [
  analyzeCommand,
  jobsCommand,
  jobCommand,
  retryCommand,
  assistCommand,
  cancelCommand,
  deleteCommand,
  keysCommand,
];

export function buildProgram(actions: Actions): Command {
  const program = new Command(commandName())
    .description('A durable media-analysis service: a quick look, then a deep one.')
    .version(version())
    .option('--api <url>', 'address of the server (else DOUBLETAKE_API, else the embedded stack)')
    .option('--json', 'one JSON document on stdout, everything else on stderr')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', `\nThe API key is read from DOUBLETAKE_API_KEY.\n\n${exitCodeHelp}`);
  for (const build of [
    ...commands,
    ...Object.values(actions.kinds.views).flatMap((view) => view.commands ?? []),
  ])
    program.addCommand(build(actions));
  throwInsteadOfExit(program);
  return program;
}

/** Commander exits 1 for a wrong command line; ours is 2. Not inherited by commands that are added. */
function throwInsteadOfExit(command: Command): void {
  command
    .exitOverride()
    .showHelpAfterError(`(see ${commandName()} ${command.parent ? `${command.name()} ` : ''}--help)`);
  command.configureHelp({ showGlobalOptions: true });
  for (const child of command.commands) throwInsteadOfExit(child);
}

function version(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
