import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { takeLock } from '../processes/lock.ts';
import { cacheFolder } from './cache.ts';

const run = promisify(execFile);

export interface Program {
  /** For people. */
  title: string;
  /** File name on PATH and in the cache. */
  file: string;
  /** Environment variable that names it. */
  variable: string;
  /** Arguments that show it works, and what the answer must hold. */
  proof: { args: readonly string[]; says: RegExp };
  /** Ways to get it, in order. Each puts the program at `target` or throws with the reason why not. */
  sources: readonly Source[];
  /** What a person can do when every way failed. */
  remedy: string;
}

export interface Source {
  title: string;
  fetch(target: string, folder: string, surroundings: Surroundings): Promise<void>;
}

export interface Surroundings {
  env: NodeJS.ProcessEnv;
  /** Ends what is being fetched or built. */
  signal?: AbortSignal | undefined;
}

type Step = <T>(title: string, work: () => Promise<T>) => Promise<T>;

/**
 * The path of a program that works: named by its variable, on PATH, in the cache, or fetched into the cache.
 *
 * @throws when the variable names one that does not work, or nothing led to one; the message says what was tried
 */
export async function findProgram(
  program: Program,
  step: Step,
  { env = process.env, signal }: Partial<Surroundings> = {},
): Promise<string> {
  const named = env[program.variable];
  if (named) {
    const wrong = await whyNot(program, named);
    if (!wrong) return named;
    throw new Error(
      `${program.variable} is "${named}", which is not a working ${program.title}: ${wrong}. Correct or unset it.`,
    );
  }
  const cached = join(cacheFolder(env), 'bin', program.file);
  for (const path of [...onPath(program.file, env), cached]) if (!(await whyNot(program, path))) return path;
  return fetchOnce(program, cached, step, { env, signal });
}

/** Of two stacks that start at once one fetches and the other waits for it. */
async function fetchOnce(
  program: Program,
  cached: string,
  step: Step,
  surroundings: Surroundings,
): Promise<string> {
  const lockPath = `${cached}.lock`;
  let lock = takeLock(lockPath);
  if ('heldBy' in lock) {
    const { pid } = lock.heldBy;
    await step(`${program.title} is being fetched by another start (process ${pid})`, async () => {
      while ('heldBy' in lock) {
        await wait(500, undefined, { signal: surroundings.signal });
        lock = takeLock(lockPath);
      }
    });
  }
  try {
    if (!(await whyNot(program, cached))) return cached;
    return await fetchIntoCache(program, cached, step, surroundings);
  } finally {
    if ('release' in lock) lock.release();
  }
}

async function fetchIntoCache(
  program: Program,
  cached: string,
  step: Step,
  surroundings: Surroundings,
): Promise<string> {
  const failures: string[] = [];
  for (const [at, source] of program.sources.entries()) {
    const folder = mkdtempSync(join(cacheFolder(surroundings.env), `${program.file}-`));
    const fetched = join(folder, program.file);
    try {
      await step(`${program.title}: ${source.title}`, () => source.fetch(fetched, folder, surroundings));
      chmodSync(fetched, 0o755);
      const wrong = await whyNot(program, fetched);
      if (wrong) throw new Error(wrong);
      renameSync(fetched, cached);
      return cached;
    } catch (error) {
      surroundings.signal?.throwIfAborted();
      const why = error instanceof Error ? error.message : String(error);
      failures.push(`  ${source.title}: ${why}`);
      // The next way may take minutes; whoever waits should know why.
      const next = program.sources[at + 1];
      if (next) console.error(`${program.title}: ${why}. Instead: ${next.title}.`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  throw new Error(
    `${program.title} was not found, and could not be fetched:\n${failures.join('\n')}\n${program.remedy}`,
  );
}

function onPath(file: string, env: NodeJS.ProcessEnv): string[] {
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, file)).filter(existsSync);
}

async function whyNot(program: Program, path: string): Promise<string | undefined> {
  if (!existsSync(path)) return 'there is no such file';
  try {
    const { stdout, stderr } = await run(path, program.proof.args, { timeout: 30_000 });
    return program.proof.says.test(stdout + stderr)
      ? undefined
      : 'it is another program, or a version too old';
  } catch (error) {
    return (error as Error).message.split('\n', 1)[0];
  }
}
