import type { FromChild, ToChild } from './messages.ts';
import { toWire } from './wire-error.ts';

/** Tells the parent that work goes on; sent at most twice a second, however often it is called. */
export type Report = (progress?: unknown) => void;

// biome-ignore lint/suspicious/noExplicitAny: each handler knows its own task.
type Handlers = Record<string, (task: any, report: Report) => Promise<unknown>>;

const REPORT_MS = 500;

/**
 * Makes this process a child of the pool: does one task after the other as they are sent, and ends when the
 * parent does, however that ended: the channel closes with it.
 */
export function serveTasks(handlers: Handlers): void {
  // At once: an orderly end waits for threads that decode, and may abort in them.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  // Ctrl-C in a terminal reaches the whole process group; the parent decides when its children end.
  process.on('SIGINT', () => {});
  process.on('message', async ({ id, task }: ToChild) => {
    const send = (message: FromChild) => process.send?.(message);
    let told = 0;
    const report: Report = (progress) => {
      const now = performance.now();
      if (now - told < REPORT_MS) return;
      told = now;
      send(progress === undefined ? { id, alive: true } : { id, alive: true, progress });
    };
    try {
      const handle = handlers[task.task];
      if (!handle) throw new Error(`no task is named ${task.task}`);
      send({ id, result: await handle(task, report) });
    } catch (error) {
      send({ id, error: toWire(error) });
    }
  });
}
