import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Role } from '../../src/api/access/user.ts';
import { openDatabase } from '../../src/database/database.ts';
import { hashApiKey } from '../../src/database/keys/api-key.ts';
import { createApiKey } from '../../src/database/keys/create-api-key.ts';
import { migrateUp } from '../../src/database/migrate.ts';
import { freePort } from '../../stack/ports.ts';
import { testTaskQueue } from '../support/servers.ts';

const root = join(import.meta.dirname, '..', '..');

/** Migrates the database and makes a key. */
export async function prepare(databaseUrl: string, role: Role = 'user') {
  const database = await openDatabase(databaseUrl);
  await migrateUp(database);
  const key = `dt_${randomBytes(24).toString('base64url')}`;
  await createApiKey(database, { user_id: 'coach-7', role, label: 'test', key_sha256: hashApiKey(key) });
  await database.close();
  return { authorization: `Bearer ${key}` };
}

/** `src/server.ts` as production runs it, in a process of its own. */
export async function startServer(environment: Record<string, string | undefined>) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child: ChildProcess = spawn(process.execPath, [join(root, 'src/server.ts')], {
    env: {
      ...process.env,
      DOUBLETAKE_PORT: String(port),
      DOUBLETAKE_TASK_QUEUE: testTaskQueue('server'),
      NODE_OPTIONS: '',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    output += chunk;
  });
  const exited = new Promise<number | string>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  const live = () =>
    fetch(`${url}/health/live`).then(
      ({ ok }) => ok,
      () => false,
    );
  for (let left = 150; !(await live()); left--) {
    if (left === 0 || child.exitCode !== null) throw new Error(`The server did not start:\n${output}`);
    await sleep(100);
  }
  return {
    url,
    pid: child.pid as number,
    exited,
    output: () => output,
    signal: (name: NodeJS.Signals) => child.kill(name),
    /** Resident memory in MB, from the kernel. */
    residentMb(): number {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
    },
    async stop(): Promise<void> {
      if (child.exitCode === null) child.kill('SIGTERM');
      await exited;
    },
  };
}
