import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = new URL('../../', import.meta.url).pathname;

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CliOptions {
  /** In the project; the command's own launcher instead of the program. */
  program?: string;
  env?: Record<string, string>;
  /** Called with the running command, to interrupt it. */
  during?(child: ChildProcess, soFar: () => string): void;
}

/** Runs the command as a shell would, in an empty folder and home, so that nothing of this machine is found. */
export function doubletake(
  args: readonly string[],
  { env = {}, during, program = 'src/cli.ts' }: CliOptions = {},
): Promise<Ran> {
  const { PATH, TMPDIR, NODE_COMPILE_CACHE } = process.env;
  const home = mkdtempSync(join(tmpdir(), 'doubletake-cli-'));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, program), ...args], {
      cwd: home,
      env: { PATH, TMPDIR, NODE_COMPILE_CACHE, HOME: home, DOUBLETAKE_DATA: home, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.once('error', reject).once('close', (code) => {
      rmSync(home, { recursive: true, force: true });
      resolve({ code, stdout, stderr });
    });
    during?.(child, () => stderr);
  });
}
