import { randomBytes } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '..', '..');

/** Where one embedded stack keeps everything; `DOUBLETAKE_DATA` moves it. */
export interface DataFolder {
  path: string;
  lock: string;
  pids: string;
  /** Addresses in use; there only while everything is ready. */
  stackFile: string;
  /** Ports of the last start. */
  ports: string;
  log(name: string): string;
  secrets: Secrets;
}

interface Secrets {
  databasePassword: string;
  s3AccessKeyId: string;
  s3SecretAccessKey: string;
}

export function openDataFolder(env: NodeJS.ProcessEnv = process.env): DataFolder {
  const path = env.DOUBLETAKE_DATA
    ? resolve(env.INIT_CWD ?? process.cwd(), env.DOUBLETAKE_DATA)
    : join(root, '.doubletake');
  try {
    mkdirSync(path, { recursive: true });
    accessSync(path, constants.W_OK);
  } catch (cause) {
    throw new Error(
      `The data folder ${path} cannot be written by you (another user's?). Set DOUBLETAKE_DATA to one that can, or make a clone of your own.`,
      { cause },
    );
  }
  return {
    path,
    lock: join(path, 'lock'),
    pids: join(path, 'pids.json'),
    stackFile: join(path, 'stack.json'),
    ports: join(path, 'ports.json'),
    log: (name) => join(path, 'logs', `${name}.log`),
    get secrets() {
      return secretsIn(join(path, 'secrets.json'));
    },
  };
}

/** Made once: the data on disk was written with them. */
function secretsIn(file: string): Secrets {
  if (!existsSync(file)) {
    const word = () => randomBytes(18).toString('hex');
    writeWhole(
      file,
      { databasePassword: word(), s3AccessKeyId: 'doubletake', s3SecretAccessKey: word() } satisfies Secrets,
      0o600,
    );
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Whole or not at all, by rename. */
export function writeWhole(file: string, value: unknown, mode = 0o644): void {
  mkdirSync(dirname(file), { recursive: true });
  const whole = `${file}.${process.pid}`;
  writeFileSync(whole, `${JSON.stringify(value, null, 2)}\n`, { mode });
  renameSync(whole, file);
}
