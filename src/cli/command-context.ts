import type { Command } from 'commander';
import { type ApiClient, openApiClient } from './api-client.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { CliKinds } from './kind-view.ts';
import { serverAddress } from './server-address.ts';
import { openTerminal, type Terminal } from './terminal.ts';

/** What every command is given. */
export interface CommandContext {
  kinds: CliKinds;
  env: NodeJS.ProcessEnv;
  directory: string;
  terminal: Terminal;
  /** The server, found when it is first asked. */
  api(): ApiClient;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
}

/** What a command did; no word is success. */
export type Outcome = Promise<ExitCode | undefined>;

/** Joins commander, which calls actions with arguments, options and the command, to our handlers. */
export interface Actions {
  kinds: CliKinds;
  // biome-ignore lint/suspicious/noExplicitAny: commander types neither the arguments nor the options.
  run(handler: (context: CommandContext, ...args: any[]) => Outcome): (...all: any[]) => Promise<void>;
}

export interface Ending {
  code: ExitCode;
}

export function actionsInto(ending: Ending, kinds: CliKinds, signal: AbortSignal): Actions {
  return {
    kinds,
    run:
      (handler) =>
      async (...all) => {
        const command = all.at(-1) as Command;
        const { api: address, json = false } = command.optsWithGlobals<{ api?: string; json?: boolean }>();
        const env = process.env;
        const directory = process.cwd();
        let client: ApiClient | undefined;
        const context: CommandContext = {
          kinds,
          env,
          directory,
          signal,
          terminal: openTerminal(json),
          api() {
            client ??= openApiClient(
              () => serverAddress(address, env, directory),
              env.DOUBLETAKE_API_KEY || undefined,
            );
            return client;
          },
        };
        ending.code = (await handler(context, ...all.slice(0, -1))) ?? exitCodes.success;
      },
  };
}
