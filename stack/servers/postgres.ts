import { execFile } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import type { PidFile } from '../processes/pid-file.ts';
import { packagedPostgres, runnablePostgres } from './postgres-binaries.ts';
import { postgresUser, type SystemUser } from './postgres-user.ts';
import { discardRefuge, refugeBehind } from './refuge.ts';
import { Server } from './server.ts';

const run = promisify(execFile);

export interface PostgresOptions {
  /** Folder for the data (and the note of the user's refuge, if one is needed). */
  folder: string;
  log: string;
  password: string;
  port?: number;
  pids?: PidFile;
  /** Data that need not outlive the machine: no waiting for the disk. */
  throwaway?: boolean;
}

export interface Postgres extends Server {
  /** Address of the database `doubletake`, as superuser. */
  url(database?: string): string;
  /** Removes the data, wherever it had to be put. Not while the server runs. */
  discard(): void;
}

/** A PostgreSQL of our own, on loopback and with a password. Not started yet; the cluster is made at first start. */
export function createPostgres(options: PostgresOptions): Postgres {
  const user = postgresUser();
  const url = (port: number, database: string) =>
    `postgres://doubletake:${options.password}@127.0.0.1:${port}/${database}`;
  const server = new Server({
    name: 'postgres',
    ports: { main: options.port ?? 0 },
    async launch({ main }) {
      const { native, data } = await prepare(options, user);
      clearStaleLock(data);
      return {
        name: 'postgres',
        command: join(native, 'bin', 'postgres'),
        args: ['-D', data, '-p', String(main), ...settings(options.throwaway ?? false)],
        cwd: '/',
        env: { PATH: process.env.PATH, TZ: 'UTC', LC_ALL: 'C.UTF-8' },
        user: user && { uid: user.uid, gid: user.gid },
        log: options.log,
        pids: options.pids,
        stopSignal: 'SIGINT',
        stopMs: 30_000,
      };
    },
    async ready({ main }) {
      await query(url(main as number, 'postgres'), 'SELECT 1');
      await createDatabase(url(main as number, 'postgres'), 'doubletake');
      return true;
    },
    // After kill -9 its own children take a moment to notice.
    tryAgain: (output) => /pre-existing shared memory block|"postmaster.pid" already exists/.test(output),
  });
  return Object.assign(server, {
    url: (database = 'doubletake') => url(server.port(), database),
    discard() {
      discardRefuge(refugeLink(options));
      rmSync(options.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  });
}

function settings(throwaway: boolean): string[] {
  const values = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    password_encryption: 'scram-sha-256',
    // Still safe against a crash of the server, which tests bring about; only not against a loss of power.
    ...(throwaway && { fsync: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

const refugeLink = ({ folder }: PostgresOptions) => join(folder, 'elsewhere');

/** Where the binaries and the data are; makes the cluster when there is none. */
async function prepare(options: PostgresOptions, user: SystemUser | undefined) {
  mkdirSync(options.folder, { recursive: true });
  const refuge = () => refugeBehind(refugeLink(options));
  const native = runnablePostgres(packagedPostgres(), user, refuge);
  const home = user && !(await canReach(options.folder, user)) ? refuge() : options.folder;
  const data = join(home, 'cluster');
  if (!existsSync(join(data, 'PG_VERSION'))) await initialise(native, data, options, user);
  return { native, data };
}

/** Whether the user can go where the data would be: every folder above must let it pass. */
async function canReach(folder: string, user: SystemUser): Promise<boolean> {
  return run('/bin/sh', ['-c', 'cd "$0"', folder], { uid: user.uid, gid: user.gid, cwd: '/' }).then(
    () => true,
    () => false,
  );
}

/** initdb into a folder beside, renamed when whole: an interrupted first start leaves nothing half made. */
async function initialise(
  native: string,
  data: string,
  options: PostgresOptions,
  user: SystemUser | undefined,
) {
  const fresh = `${data}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  // Not on the command line, which every user of the machine can read.
  const secret = mkdtempSync(join(tmpdir(), 'doubletake-initdb-'));
  const passwordFile = join(secret, 'password');
  writeFileSync(passwordFile, options.password, { mode: 0o600 });
  if (user) for (const path of [fresh, secret, passwordFile]) chownSync(path, user.uid, user.gid);
  const flags = [
    '--username=doubletake',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
  ];
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  try {
    await run(
      join(native, 'bin', 'initdb'),
      ['-D', fresh, ...flags, ...locale, ...(options.throwaway ? ['--no-sync'] : [])],
      {
        cwd: '/',
        env: { PATH: process.env.PATH, TZ: 'UTC' },
        ...(user && { uid: user.uid, gid: user.gid }),
      },
    );
  } catch (cause) {
    const words = (cause as { stderr?: string }).stderr?.trim() || String(cause);
    throw new Error(`PostgreSQL's data folder ${data} could not be made: ${words}`, { cause });
  } finally {
    rmSync(secret, { recursive: true, force: true });
  }
  renameSync(fresh, data);
}

/**
 * PostgreSQL takes any living process of its user with the number in `postmaster.pid` for itself and refuses to
 * start; after a restart of the machine or container that is often another one. We know better on Linux.
 */
function clearStaleLock(data: string): void {
  const lock = join(data, 'postmaster.pid');
  if (process.platform !== 'linux' || !existsSync(lock)) return;
  const pid = readFileSync(lock, 'utf8').split('\n', 1)[0];
  const program = existsSync(`/proc/${pid}/cmdline`) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '';
  if (!program.includes(data)) rmSync(lock);
}

async function createDatabase(url: string, name: string): Promise<void> {
  const there = await query(url, `SELECT 1 FROM pg_database WHERE datname = '${name}'`);
  if (there.length === 0) await query(url, `CREATE DATABASE "${name}"`);
}

async function query(connectionString: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5000 });
  try {
    await client.connect();
    return (await client.query(text)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}
