import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Handlers } from './serve-tasks.ts';

/** What a module of tasks exports. Only child processes import it, and only those of its sandbox. */
export interface TaskModuleExports {
  tasks: Handlers;
  /**
   * Called once a process, as it starts, with what the pool was opened with, so that the first task is as quick as later
   * ones. It does not hold up a task that comes meanwhile.
   */
  prepare?(argument: unknown): unknown;
}

/** A module for a pool's children to import, and the argument of its `prepare`, which travels as JSON. */
export interface ModuleToServe {
  module: URL;
  prepare?: unknown;
}

/**
 * The address of a module beside the one that asks, `.ts` when run from source and `.js` when compiled.
 * @param path without its extension
 * @param base `import.meta.url` of who asks
 */
export function moduleBeside(path: string, base: string): URL {
  return new URL(`${path}${extname(fileURLToPath(base))}`, base);
}
