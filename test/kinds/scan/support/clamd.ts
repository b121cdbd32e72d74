import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Debian's ClamAV daemon with a database of the test's own. */
export interface Clamd {
  /** Path of its socket. */
  socket: string;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

const packages = ['clamav-daemon', 'libclamav12', 'libmspack0', 'libjson-c5'];

/**
 * @param database lines by file name, e.g. `{'t.ndb': 'Name:0:*:44…'}`
 * @param settings lines of clamd.conf, e.g. `MaxFileSize 10M`
 */
export async function startClamd(
  database: Readonly<Record<string, string>>,
  settings: readonly string[] = [],
): Promise<Clamd> {
  const root = installed();
  const folder = mkdtempSync(join(tmpdir(), 'doubletake-clamd-'));
  mkdirSync(join(folder, 'db'));
  for (const [name, lines] of Object.entries(database)) writeFileSync(join(folder, 'db', name), `${lines}\n`);
  const socket = join(folder, 'socket');
  const configuration = join(folder, 'clamd.conf');
  const lines = [`LocalSocket ${socket}`, `DatabaseDirectory ${join(folder, 'db')}`, 'Foreground yes'];
  writeFileSync(configuration, [...lines, ...settings, ''].join('\n'));
  const child = spawn(join(root, 'usr/sbin/clamd'), ['-c', configuration], {
    stdio: 'ignore',
    env: { ...process.env, LD_LIBRARY_PATH: join(root, 'usr/lib/x86_64-linux-gnu') },
  });
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      await once(child, 'exit');
    }
  };
  while (!(await answers(socket))) {
    if (child.exitCode !== null) throw new Error(`clamd ended with ${child.exitCode} before it answered.`);
    await sleep(100);
  }
  return {
    socket,
    kill: () => end('SIGKILL'),
    async stop() {
      await end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The daemon out of Debian's packages, unpacked into the user's cache: nothing is installed on the machine. */
function installed(): string {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'doubletake');
  const root = join(cache, 'clamav');
  if (existsSync(root)) return root;
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'clamav-new-'));
  const run = (command: string, ...args: string[]) =>
    execFileSync(command, args, { cwd: folder, stdio: 'pipe' });
  try {
    run('apt-get', 'update');
    run('apt-get', 'download', ...packages);
    for (const name of readdirSync(folder)) run('dpkg', '-x', name, join(folder, 'root'));
    renameSync(join(folder, 'root'), root);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return root;
}

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection(socket);
    connection.once('error', () => resolve(false));
    connection.once('data', () => {
      connection.destroy();
      resolve(true);
    });
    connection.write('zPING\0');
  });
}
