import { setTimeout as wait } from 'node:timers/promises';
import { isRunning, type ProcessIdentity } from '../../src/system/process-identity.ts';
import { type PidFile, readPidFile } from './pid-file.ts';

/** Later names are what earlier ones lean on: the worker wants Temporal while it says goodbye. */
const order = ['worker', 'api', 'temporal', 's3', 'postgres'];

/** SIGINT is PostgreSQL's "fast" shutdown; its SIGTERM waits for clients that will never leave. */
export function stopSignal(name: string): NodeJS.Signals {
  return name === 'postgres' ? 'SIGINT' : 'SIGTERM';
}

/**
 * Ends what an earlier stack left running, recognised by pid and start time, and says what it ended.
 * Each gets `patienceMs` to leave by itself.
 */
export async function endLeftovers(pids: PidFile | string, patienceMs = 10_000): Promise<string[]> {
  const entries = typeof pids === 'string' ? readPidFile(pids) : pids.entries;
  const known = [
    ...order.filter((name) => entries[name]),
    ...Object.keys(entries).filter((name) => !order.includes(name)),
  ];
  const ended: string[] = [];
  for (const name of known) {
    const identity = entries[name];
    if (identity && isRunning(identity)) {
      await end(identity, stopSignal(name), patienceMs);
      ended.push(`${name} (${identity.pid})`);
    }
    if (typeof pids !== 'string') pids.remove(name);
  }
  return ended;
}

/** SIGKILL for all in the file, for people in a hurry. */
export function killAll(pidFile: string): void {
  for (const identity of Object.values(readPidFile(pidFile)))
    if (isRunning(identity)) send(-identity.pid, 'SIGKILL');
}

async function end(identity: ProcessIdentity, signal: NodeJS.Signals, patienceMs: number): Promise<void> {
  send(identity.pid, signal);
  for (const until = Date.now() + patienceMs; isRunning(identity) && Date.now() < until; ) await wait(50);
  // The group too: children of a worker that is gone.
  if (isRunning(identity)) send(identity.pid, 'SIGKILL');
  send(-identity.pid, 'SIGKILL');
  for (const until = Date.now() + 5000; isRunning(identity) && Date.now() < until; ) await wait(20);
}

/** Signals a process (a group when negative); one that is gone is fine. */
export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
