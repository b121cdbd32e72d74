#!/usr/bin/env node
import { CommanderError } from 'commander';
import { actionsInto, type Ending } from './cli/command-context.ts';
import { command } from './cli/command-name.ts';
import { exitCodes } from './cli/exit-codes.ts';
import { CliFailure, Interrupted, ServerRefused } from './cli/failures.ts';
import { buildProgram } from './cli/program.ts';
import { kinds } from './domain/kinds/index.ts';
import { kindViews } from './kinds/for-cli.ts';

const interruption = new AbortController();
const ending: Ending = { code: exitCodes.success };

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // Once asks nicely; whoever presses again does not want to read what we have to say.
    if (interruption.signal.aborted) process.exit(exitCodes.interrupted);
    interruption.abort();
  });
}

try {
  await buildProgram(
    actionsInto(ending, { definitions: kinds, views: kindViews }, interruption.signal),
  ).parseAsync();
} catch (error) {
  ending.code = report(error);
}
process.exitCode = ending.code;

function report(error: unknown): Ending['code'] {
  if (error instanceof CommanderError) {
    // Help and version came as asked; anything else commander has explained on stderr.
    if (error.exitCode === 0) return exitCodes.success;
    document({ type: 'Usage', message: error.message.replace(/^error: /, ''), exit_code: exitCodes.usage });
    return exitCodes.usage;
  }
  const failure = failureOf(error);
  process.stderr.write(`doubletake: ${failure.message}\n`);
  const problem =
    failure instanceof ServerRefused ? { status: failure.status, problem: failure.problem } : {};
  document({ type: failure.type, message: failure.message, exit_code: failure.exitCode, ...problem });
  return failure.exitCode;
}

function failureOf(error: unknown): CliFailure {
  if (interruption.signal.aborted && !(error instanceof Interrupted)) return new Interrupted('Interrupted.');
  if (error instanceof ServerRefused && error.status === 401 && !process.env.DOUBLETAKE_API_KEY) {
    return new CliFailure(
      error.type,
      error.exitCode,
      `This server wants to know who asks. Set DOUBLETAKE_API_KEY to your key; an operator makes one with ${command('keys create')}.`,
    );
  }
  if (error instanceof CliFailure) return error;
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: '' };
  if (process.env.DEBUG) process.stderr.write(`${stack}\n`);
  return new CliFailure(
    'Unexpected',
    exitCodes.failed,
    `Something went wrong that should not: ${message}. DEBUG=1 shows where.`,
    { cause: error },
  );
}

function document(error: Record<string, unknown>): void {
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ error }, null, 2)}\n`);
}
