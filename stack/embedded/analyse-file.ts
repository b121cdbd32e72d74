import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './data-folder.ts';

/** Runs `doubletake analyze` against the stack, on our terminal. Resolves to its exit code. */
export function analyseFile(
  path: string,
  args: readonly string[],
  { apiUrl, signal }: { apiUrl: string; signal: AbortSignal },
): Promise<number> {
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      join(root, 'src', 'cli.ts'),
      'analyze',
      path,
      ...args,
      '--api',
      apiUrl,
    ],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
      cwd: process.env.INIT_CWD ?? process.cwd(),
      env: { ...process.env, DOUBLETAKE_COMMAND: 'npx doubletake', DOUBLETAKE_ENDS_WITH: 'npm start' },
    },
  );
  signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  return new Promise((settle, fail) => {
    child.once('error', fail);
    child.once('exit', (code) => settle(code ?? 1));
  });
}
