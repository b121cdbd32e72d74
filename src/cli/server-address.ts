import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageFailure } from './failures.ts';

export interface ServerAddress {
  /** Without a slash at the end. */
  url: string;
  /** Where the address was read, for the message when nobody answers there. */
  origin: string;
}

interface StackFile {
  /** Where it was written; one that came here with a copied checkout speaks of another stack. */
  folder?: string;
  api_url?: string;
  database_url?: string;
}

/** `--api`, else `DOUBLETAKE_API`, else the embedded stack's own note, else the port it likes best. */
export function serverAddress(
  option: string | undefined,
  env: NodeJS.ProcessEnv,
  directory: string,
): ServerAddress {
  if (option) return { url: checked(option, '--api'), origin: '--api' };
  if (env.DOUBLETAKE_API)
    return { url: checked(env.DOUBLETAKE_API, 'DOUBLETAKE_API'), origin: 'DOUBLETAKE_API' };
  const stack = nearestStack(directory);
  if (stack?.content.api_url) return { url: checked(stack.content.api_url, stack.path), origin: stack.path };
  return { url: 'http://127.0.0.1:3000', origin: 'the default' };
}

/** `DATABASE_URL`, else the embedded stack's database: for what operators do without the API. */
export function databaseAddress(env: NodeJS.ProcessEnv, directory: string): string {
  const url = env.DATABASE_URL ?? nearestStack(directory)?.content.database_url;
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

/** The embedded stack writes `.doubletake/stack.json` at the root of its checkout once it is ready. */
function nearestStack(directory: string): { path: string; content: StackFile } | undefined {
  for (let at = directory; ; at = dirname(at)) {
    const path = join(at, '.doubletake', 'stack.json');
    try {
      const content = JSON.parse(readFileSync(path, 'utf8')) as StackFile;
      if (content.folder === undefined || content.folder === realpathSync(dirname(path)))
        return { path, content };
    } catch {
      // Absent, or half written by a stack that is starting: look further up.
    }
    if (dirname(at) === at) return undefined;
  }
}
