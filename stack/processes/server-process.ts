import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { send } from './leftovers.ts';
import { logSize, openLogFile, readLog, tailOf } from './log-file.ts';
import type { PidFile } from './pid-file.ts';

export interface Launch {
  name: string;
  command: string;
  args: readonly string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Run as another user (only root can). */
  user?: { uid: number; gid: number } | undefined;
  log: string;
  pids?: PidFile | undefined;
  stopSignal?: NodeJS.Signals;
  /** Time to leave after `stopSignal`, before SIGKILL. */
  stopMs?: number;
}

export interface ServerProcess {
  readonly name: string;
  readonly pid: number;
  /** Settles when the process has ended, with words for how. Never rejects. */
  readonly exited: Promise<string>;
  isRunning(): boolean;
  /** What this process has written to its log so far. */
  output(): string;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/**
 * Starts a child in a process group of its own: Ctrl-C in the terminal reaches the supervisor only, which stops
 * things in order, and whatever the child started can be ended with it.
 *
 * @throws when the program cannot be started at all
 */
export async function startProcess(launch: Launch): Promise<ServerProcess> {
  const from = logSize(launch.log);
  const log = openLogFile(launch.log);
  const child = spawn(launch.command, launch.args, {
    stdio: ['ignore', log, log],
    detached: true,
    ...(launch.env && { env: launch.env }),
    ...(launch.cwd && { cwd: launch.cwd }),
    ...launch.user,
  });
  closeSync(log);
  await new Promise<void>((started, failed) => child.once('spawn', started).once('error', failed));
  const pid = child.pid as number;
  launch.pids?.add(launch.name, pid);

  let running = true;
  const exited = new Promise<string>((settle) => {
    child.once('exit', (code, signal) => {
      running = false;
      // What it leaves behind in its group (a worker's decoders) goes with it.
      send(-pid, 'SIGKILL');
      launch.pids?.remove(launch.name);
      settle(signal ? `ended by ${signal}` : `ended with exit code ${code}`);
    });
  });

  const kill = async () => {
    if (running) send(-pid, 'SIGKILL');
    await exited;
  };
  const stop = async () => {
    if (running) send(pid, launch.stopSignal ?? 'SIGTERM');
    const patience = new AbortController();
    const late = wait(launch.stopMs ?? 15_000, true, { signal: patience.signal }).catch(() => false);
    if (await Promise.race([late, exited.then(() => false)])) send(-pid, 'SIGKILL');
    patience.abort();
    await exited;
  };
  return {
    name: launch.name,
    pid,
    exited,
    isRunning: () => running,
    output: () => readLog(launch.log, from),
    stop,
    kill,
  };
}

/** A process that should have kept running, or become ready, did not; the message shows the end of its log. */
export class ProcessFailed extends Error {
  constructor(name: string, how: string, output: string, log: string) {
    const shown = tailOf(output).replaceAll(/^/gm, '    ');
    super(`${name} ${how}. The end of ${log}:\n${shown || '    (empty)'}`);
    this.name = 'ProcessFailed';
  }
}
