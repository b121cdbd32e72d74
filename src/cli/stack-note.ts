import { closeSync, fstatSync, openSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import ipaddr from 'ipaddr.js';
import { isRunning } from '../system/process-identity.ts';
import { UsageFailure } from './failures.ts';

/** What a command reads of the note that the embedded stack leaves in `stack.json` while it runs. */
interface StackNote {
  /** Where it was written; one that came here with a copied checkout speaks of another stack. */
  folder?: string;
  api_url?: string;
  database_url?: string;
  pids?: Record<string, number>;
  /** By the names of `pids`: a number alone may be another process by now. */
  started?: Record<string, string>;
}

/** Either keeps the addresses: the supervisor starts an API that was lost again, and an API may outlive it. */
const keepers = ['supervisor', 'api'];

/**
 * The note of a stack that runs. It is written once the stack is ready, and removed when it stops. One that a killed
 * stack left behind does not count: its port may be another program's by now.
 * @throws UsageFailure where another user could have written it, who would be sent the file and the key
 */
export function runningStack(path: string): StackNote | undefined {
  const text = ownText(path);
  if (text === undefined) return undefined;
  try {
    const note = JSON.parse(text) as StackNote;
    const { folder, pids = {}, started = {}, api_url, database_url } = note;
    const isHere = folder === undefined || folder === realpathSync(dirname(path));
    const runs = keepers.some((name) => {
      const identity = { pid: pids[name] as number, started: started[name] as string };
      return Object.hasOwn(pids, name) && Object.hasOwn(started, name) && isRunning(identity);
    });
    // The embedded stack serves this machine only.
    const isLocal = [api_url, database_url].every((url) => url === undefined || isLoopback(url));
    return isHere && runs && isLocal ? note : undefined;
  } catch {
    return undefined;
  }
}

/** The file's text, if it is this user's, in a folder of theirs. */
function ownText(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    if (isOwn(fstatSync(file)) && isOwn(statSync(dirname(path)))) return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
  throw new UsageFailure(
    `${path} belongs to another user, and could lead to a server of theirs. Set DOUBLETAKE_API or --api to the address of the server that is meant.`,
  );
}

/** Where the system knows no user ids, a folder's rights are not read from them either. */
function isOwn({ uid }: Stats): boolean {
  return process.getuid === undefined || uid === process.getuid();
}

function isLoopback(url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || (ipaddr.isValid(host) && ipaddr.parse(host).range() === 'loopback');
}
