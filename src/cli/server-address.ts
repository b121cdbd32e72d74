import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ServerUnreachable, UsageFailure } from './failures.ts';
import { runningStack } from './stack-note.ts';

export interface ServerAddress {
  /** Without a slash at the end. */
  url: string;
  /** Where the address was read, for the message when nobody answers there. */
  origin: string;
}

/** The checkout that this command is part of; of an installed or bundled command, a folder that is no checkout. */
const ownFolder = resolve(import.meta.dirname, '..', '..');

/**
 * `--api`, else `DOUBLETAKE_API`, else the embedded stack's own note. There is no address to fall back to: whatever
 * listens on a well-known port need not be Doubletake, and would be sent the file and the key.
 * @throws ServerUnreachable where the embedded stack does not run, UsageFailure where no server is known, or where the
 * note is another user's
 */
export function serverAddress(
  option: string | undefined,
  env: NodeJS.ProcessEnv,
  directory: string,
): ServerAddress {
  if (option) return { url: checked(option, '--api'), origin: '--api' };
  if (env.DOUBLETAKE_API)
    return { url: checked(env.DOUBLETAKE_API, 'DOUBLETAKE_API'), origin: 'DOUBLETAKE_API' };
  const place = stackPlace(env, directory);
  if (!place)
    throw new UsageFailure(
      'No server is named. Set DOUBLETAKE_API or --api to its address, such as https://doubletake.example.',
    );
  const url = runningStack(place)?.api_url;
  if (url) return { url: checked(url, place), origin: place };
  throw new ServerUnreachable(
    `The embedded stack of ${dirname(place)} is not running, or not ready yet. Start it with "npm start" in the project, or name another server with --api or DOUBLETAKE_API.`,
  );
}

/** `DATABASE_URL`, else the embedded stack's database: for what operators do without the API. */
export function databaseAddress(env: NodeJS.ProcessEnv, directory: string): string {
  if (env.DATABASE_URL) return env.DATABASE_URL;
  const place = stackPlace(env, directory);
  const url = place && runningStack(place)?.database_url;
  if (url) return url;
  throw new UsageFailure(
    'Keys are kept in the database, and DATABASE_URL is not set. Set it to the address of the PostgreSQL that the server uses.',
  );
}

function checked(text: string, origin: string): string {
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return text.replace(/\/+$/, '');
  throw new UsageFailure(
    `${origin} says "${text}", which is no address. Expected one like http://127.0.0.1:3000.`,
  );
}

/**
 * Where the embedded stack that is meant would write `stack.json`: in `DOUBLETAKE_DATA`, as for `npm start`, else in the
 * nearest checkout up the folders, else in the checkout of this command.
 */
function stackPlace(env: NodeJS.ProcessEnv, directory: string): string | undefined {
  if (env.DOUBLETAKE_DATA) return join(resolve(directory, env.DOUBLETAKE_DATA), 'stack.json');
  for (let at = directory; ; at = dirname(at)) {
    if (isCheckout(at)) return join(at, '.doubletake', 'stack.json');
    if (dirname(at) === at) break;
  }
  return isCheckout(ownFolder) ? join(ownFolder, '.doubletake', 'stack.json') : undefined;
}

function isCheckout(folder: string): boolean {
  return existsSync(join(folder, '.doubletake')) || existsSync(join(folder, 'stack', 'start.mjs'));
}
