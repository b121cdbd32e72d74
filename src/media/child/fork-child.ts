import { type ChildProcess, fork } from 'node:child_process';
import { type ModuleToServe, moduleBeside } from './task-module.ts';

/** Parsers of media see hostile bytes: of the parent's environment they get what a process needs, and no secrets. */
const inherited = [
  'PATH',
  'HOME',
  'TMPDIR',
  'TEMP',
  'TMP',
  'LANG',
  'TZ',
  'SystemRoot',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
];

/**
 * Huge pages where the system leaves it to the program: models and pictures are megabytes each, and looking up their
 * small pages took about 3 % of the time. Other systems' C libraries do not know the variable.
 */
const forAll = { GLIBC_TUNABLES: process.env.GLIBC_TUNABLES ?? 'glibc.malloc.hugetlb=1' };

/** Starts a child process that imports the modules and serves their tasks. */
export function forkChild(modules: readonly ModuleToServe[], heapMb: number): ChildProcess {
  const env = Object.fromEntries(
    inherited.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
  );
  const given = modules.map(({ module, prepare }) => ({ url: module.href, prepare }));
  return fork(moduleBeside('./serve-modules', import.meta.url), [JSON.stringify(given)], {
    // Not the parent's flags: a debugger's port or a test runner's loader is not for the child.
    execArgv: ['--no-warnings', `--max-old-space-size=${heapMb}`],
    env: { ...env, ...forAll },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}
