import type { FromChild, ToChild } from './messages.ts';
import { toWire } from './wire-error.ts';

/** Tells the parent that work goes on; sent at most twice a second, however often it is called. */
export type Report<Progress = unknown> = (progress?: Progress) => void;

/** Tells the parent each thing that it is called with, in order: for what must not be missed. */
export type Tell<Progress = unknown> = (progress: Progress) => void;

// biome-ignore lint/suspicious/noExplicitAny: each handler knows its own task.
export type Handlers = Record<string, (task: any, report: Report<any>, tell: Tell<any>) => Promise<unknown>>;

const REPORT_MS = 500;

/** Ends this process when its parent ends, however that happens: the channel closes with it. */
export function endWithParent(): void {
  // At once: an orderly end waits for threads that decode, and may abort in them.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  // Ctrl-C in a terminal reaches the whole process group; the parent decides when its children end.
  process.on('SIGINT', () => {});
}

/** Does one task after the other as the parent sends them. Tasks that were sent before this call are not lost. */
export function serveTasks(handlers: Handlers): void {
  process.on('message', async ({ id, task }: ToChild) => {
    const send = (message: FromChild) => process.send?.(message);
    let told = Number.NEGATIVE_INFINITY;
    const report: Report = (progress) => {
      const now = performance.now();
      if (now - told < REPORT_MS) return;
      told = now;
      send(progress === undefined ? { id, alive: true } : { id, alive: true, progress });
    };
    const tell: Tell = (progress) => send({ id, alive: true, progress });
    try {
      const handle = Object.hasOwn(handlers, task.task) ? handlers[task.task] : undefined;
      if (!handle) throw new Error('no task of this sandbox has this name');
      send({ id, result: await handle(task, report, tell) });
    } catch (error) {
      send({ id, error: toWire(error) });
    }
  });
}
