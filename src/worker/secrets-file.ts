import { type FileHandle, open } from 'node:fs/promises';
import { SecretMissing } from '../domain/errors.ts';
import { leastSecretLength } from '../domain/known-secrets.ts';
import { faultOf } from '../domain/our-words.ts';
import { secretNamePattern } from '../domain/secret-reference.ts';

/** An operator's remedy, the same for all that is wrong with the file. */
const setting = 'the file that DOUBLETAKE_SECRETS_FILE names at the workers';

const secretLine = new RegExp(`^(${secretNamePattern})=(.*)$`, 's');

/**
 * The lines `NAME=value` of a secrets file. A value goes to the end of its line, with its spaces, quotation marks and
 * `=`; empty lines and those that begin with `#` are skipped.
 * @param wanted the secret in whose name the file is read
 * @throws SecretMissing naming the line, never what is there
 */
export function parseSecrets(text: string, wanted: string): ReadonlyMap<string, string> {
  const secrets = new Map<string, string>();
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const [, name, value = ''] = secretLine.exec(line) ?? [];
    const wrong = problemOf(secrets, name, value);
    if (wrong)
      throw new SecretMissing(
        wanted,
        `Line ${at + 1} of ${setting}: ${wrong} Correct it, then retry the job.`,
      );
    secrets.set(name as string, value);
  }
  return secrets;
}

function problemOf(earlier: ReadonlyMap<string, string>, name: string | undefined, value: string) {
  if (name === undefined)
    return 'expected NAME=value, with letters, digits, dots, dashes or underscores as NAME.';
  if (earlier.has(name)) return 'this name has a line already.';
  if (value.length < leastSecretLength) {
    return `the value has fewer than ${leastSecretLength} characters, too few to be kept out of logs.`;
  }
  return undefined;
}

/** Which state of a file was read; a file that was replaced or written to has another. */
interface FileState {
  mark: string;
  secrets: ReadonlyMap<string, string>;
}

/**
 * Reads the file again whenever it changed, so that an operator can rotate a secret without a restart.
 * @param warn is told once for each state of a file that others than its owner may read
 */
export function openSecretsFile(path: string, warn: (message: string) => void) {
  let latest: FileState | undefined;
  return {
    /** @throws SecretMissing when the file cannot be read or used */
    async read(wanted: string): Promise<ReadonlyMap<string, string>> {
      const file = await openFor(path, wanted);
      try {
        const { mtimeNs, ctimeNs, size, ino, mode } = await file.stat({ bigint: true });
        const mark = [mtimeNs, ctimeNs, size, ino].join();
        if (latest?.mark === mark) return latest.secrets;
        const secrets = parseSecrets(await textOf(file, wanted), wanted);
        if (process.platform !== 'win32' && (mode & 0o077n) !== 0n) {
          warn(`Others than its owner may read the secrets file ${path}. Take the right away: chmod 600.`);
        }
        latest = { mark, secrets };
        return secrets;
      } finally {
        await file.close();
      }
    },
  };
}

async function openFor(path: string, wanted: string): Promise<FileHandle> {
  try {
    return await open(path);
  } catch (cause) {
    throw unreadable(wanted, cause);
  }
}

async function textOf(file: FileHandle, wanted: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await file.readFile();
  } catch (cause) {
    throw unreadable(wanted, cause);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new SecretMissing(wanted, `The file is not UTF-8. Save ${setting} as UTF-8, then retry the job.`);
  }
}

function unreadable(wanted: string, cause: unknown): SecretMissing {
  return new SecretMissing(
    wanted,
    `The file cannot be read: ${faultOf(cause) ?? 'it is no file'}. Let the workers read ${setting}, then retry the job.`,
    { cause },
  );
}
