import { endWithParent, type Handlers, serveTasks } from './serve-tasks.ts';
import type { TaskModuleExports } from './task-module.ts';

// The program of every child process. Its one argument says, as JSON, which modules of tasks it imports: it knows no
// kind itself, and has in memory only what those modules need.

interface Given {
  url: string;
  prepare?: unknown;
}

endWithParent();

const given: Given[] = JSON.parse(process.argv[2] ?? '[]');
const modules = await Promise.all(
  given.map(async ({ url, prepare }) => ({ url, argument: prepare, loaded: await load(url) })),
);

const handlers: Handlers = {};
const owners: Record<string, string> = {};
for (const { url, loaded } of modules) {
  for (const [name, handler] of Object.entries(loaded.tasks)) {
    if (Object.hasOwn(owners, name))
      throw new Error(`Both ${owners[name]} and ${url} have a task named "${name}".`);
    owners[name] = url;
    handlers[name] = handler;
  }
}
serveTasks(handlers);

// What a module cannot get ready is for its next task to say, in words that name a file; it must not end the process.
await Promise.allSettled(modules.map(async ({ loaded, argument }) => loaded.prepare?.(argument)));

async function load(url: string): Promise<TaskModuleExports> {
  return import(url);
}
