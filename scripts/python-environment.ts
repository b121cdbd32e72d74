import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'doubletake', 'python');

/**
 * The folder of programs of a Python environment that has what a `requirements.txt` names; installed once, and kept in
 * the user's cache.
 * @throws Error in pip's words where it cannot be had; nothing is left then
 */
export async function pythonEnvironment(requirements: string, say: (line: string) => void): Promise<string> {
  const wanted = await readFile(requirements, 'utf8');
  const environment = join(cache, createHash('sha256').update(wanted).digest('hex').slice(0, 16));
  const ready = join(environment, 'ready');
  const programs = join(environment, 'bin');
  if (existsSync(ready)) return programs;
  say(`Installing ${wanted.trim().split('\n').join(', ')}, once …`);
  try {
    await mkdir(cache, { recursive: true });
    await run('python3', ['-m', 'venv', '--clear', environment]);
    const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
    await run(join(programs, 'python'), install, { timeout: 600_000 });
    await writeFile(ready, '');
    return programs;
  } catch (error) {
    await rm(environment, { recursive: true, force: true });
    const said = (error as { stderr?: string }).stderr || (error as Error).message;
    throw new Error(said.trim().split('\n').at(-1), { cause: error });
  }
}
