import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pythonEnvironment } from '../../../../../scripts/python-environment.ts';
import { freePort } from '../../../../../stack/ports.ts';

/** A camera of the tests: an RTSP server that plays the files of a folder. */
export interface RtspServer {
  port: number;
  url(file: string): string;
  start(): Promise<void>;
  /** SIGKILL, as when the power is gone. */
  kill(): Promise<void>;
  /** Says nothing more, and hangs up on nobody. */
  freeze(): void;
  thaw(): void;
}

let programs: Promise<string> | undefined;

/** The Python environment with the server; undefined where it cannot be had, with the reason on the console. */
export async function rtspPrograms(): Promise<string | undefined> {
  const requirements = new URL('requirements.txt', import.meta.url).pathname;
  programs ??= pythonEnvironment(requirements, () => {});
  try {
    return await programs;
  } catch (error) {
    console.warn(`Tests of RTSP are left out, since its server cannot be had: ${(error as Error).message}`);
    return undefined;
  }
}

export async function openRtspServer(programs: string, folder: string): Promise<RtspServer> {
  const [port, control] = [await lowPort(), await lowPort()];
  let server: ChildProcess | undefined;
  const answers = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true));
      socket.on('error', () => resolve(false)).on('connect', () => socket.destroy());
    });
  return {
    port,
    url: (file) => `rtsp://127.0.0.1:${port}/${file}`,
    async start() {
      const options = ['-d', folder, '-H', '127.0.0.1', '-p', String(port), '-cp', String(control)];
      server = spawn(join(programs, 'rtsp-server'), options, { stdio: 'ignore' });
      while (!(await answers())) {
        if (server.exitCode !== null) throw new Error(`rtsp-server ended with ${server.exitCode}.`);
        await sleep(50);
      }
    },
    async kill() {
      if (!server || server.exitCode !== null || server.signalCode !== null) return;
      const ended = once(server, 'exit');
      server.kill('SIGKILL');
      await ended;
    },
    freeze: () => server?.kill('SIGSTOP'),
    thaw: () => server?.kill('SIGCONT'),
  };
}

/** Below the ports that the system gives to connections: a camera that is restarted finds its port free. */
const lowPort = () => freePort(randomInt(15_000, 32_000));
