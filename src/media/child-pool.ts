import type { ChildLost } from '../domain/child-lost.ts';
import { Child, type Work } from './child/child.ts';
import { limitsOf, type RunLimits } from './child/run-limits.ts';
import type { ModuleToServe } from './child/task-module.ts';
import type { TaskTable } from './child/task-table.ts';
import { tryAgainWhenLost } from './child/try-again-when-lost.ts';

export interface ChildPoolOptions {
  /** What the children can do. Without a module there is nothing to do, and no process is started. */
  modules: readonly ModuleToServe[];
  /** Children at work at once; as many as cores is right, each computes on one thread. */
  size: number;
  /** After so many tasks a child is replaced, which bounds what a leak can cost. */
  maxTasksPerChild?: number;
  /** What V8 may use for JavaScript's objects in each child, MiB. */
  heapMb?: number;
  /** A child that has more resident memory than this after a task, MiB, is replaced. */
  retireAboveMb?: number;
  /**
   * When children start: with the pool, so that the first task finds one warm; all of them with the first task; or each
   * with the task that finds no other idle. With the pool unless told.
   */
  starts?: 'with the pool' | 'with the first task' | 'one by one';
  /** For runs that do not say otherwise. */
  limits?: Partial<RunLimits>;
  /** Told of each loss after which the task is tried again. */
  onRetry?: (lost: ChildLost, tries: number) => void;
}

export interface RunOptions<Progress> {
  /** Aborting kills the child at once and rejects with the signal's reason. */
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
  limits?: Partial<RunLimits>;
}

export interface TaskPool<T extends TaskTable<T>> {
  /**
   * Waits for a free child, then has it do the task.
   * @throws ChildLost when no try that `limits` allows is left; the task's own domain errors
   */
  run<K extends keyof T & string>(
    task: T[K]['task'] & { task: K },
    options?: RunOptions<T[K]['progress']>,
  ): Promise<T[K]['result']>;
}

export interface ChildPool<T extends TaskTable<T>> extends TaskPool<T> {
  /** The process ids of the children that are alive now. */
  pids(): number[];
  /** Kills every child; tasks under way or waiting are rejected. */
  close(): Promise<void>;
}

interface Waiting extends Work {
  /** Called when a child takes it up. */
  begin: () => void;
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
}

/** Opens a pool of child processes. They stay for the next task, so that it finds one warm. */
export function openChildPool<T extends TaskTable<T>>({
  modules,
  size,
  maxTasksPerChild = 500,
  heapMb = 512,
  retireAboveMb = Number.POSITIVE_INFINITY,
  starts = 'with the pool',
  limits: given,
  onRetry = () => {},
}: ChildPoolOptions): ChildPool<T> {
  const start = () => new Child({ modules, heapMb });
  const startAll = () => Array.from({ length: modules.length > 0 ? size : 0 }, start);
  let hasStarted = starts !== 'with the first task';
  const idle: Child[] = starts === 'with the pool' ? startAll() : [];
  const busy = new Set<Child>();
  const queue: Waiting[] = [];
  const usual = limitsOf(given);
  const closing = new Error('The pool of child processes is closed.');
  let closed = false;

  const next = () => {
    while (queue.length > 0 && busy.size < size) {
      const waiting = queue.shift() as Waiting;
      waiting.begin();
      let child = idle.pop();
      while (child?.ended) child = idle.pop();
      void occupy(child ?? start(), waiting);
    }
  };

  const occupy = async (child: Child, waiting: Waiting) => {
    busy.add(child);
    try {
      waiting.resolve(await child.run(waiting));
    } catch (error) {
      waiting.reject(closed ? closing : error);
      // A child that was killed or died is on its way out; one that merely reported an error is sound.
      await Promise.race([child.exited, new Promise(setImmediate)]);
    }
    busy.delete(child);
    const isSpent = child.tasksDone >= maxTasksPerChild || child.residentMb > retireAboveMb;
    if (child.killed || child.ended || closed || isSpent) {
      child.kill();
      // Its successor is on its way before the next task comes.
      if (!closed) idle.push(start());
    } else idle.push(child);
    next();
  };

  const runOnce = (work: Work) =>
    new Promise<unknown>((resolve, reject) => {
      const { signal } = work;
      if (closed) return reject(closing);
      if (!hasStarted) idle.push(...startAll());
      hasStarted = true;
      if (signal?.aborted) return reject(signal.reason);
      const waiting: Waiting = { ...work, resolve, reject, begin: () => {} };
      const leave = () => {
        queue.splice(queue.indexOf(waiting), 1);
        reject(signal?.reason);
      };
      waiting.begin = () => signal?.removeEventListener('abort', leave);
      signal?.addEventListener('abort', leave, { once: true });
      queue.push(waiting);
      next();
    });

  return {
    run: (task, { signal, onProgress, limits: ofRun } = {}) => {
      const limits = limitsOf(ofRun, usual);
      const run = () => runOnce({ task, limits, signal, onProgress });
      return tryAgainWhenLost(run, limits.tries, onRetry) as Promise<never>;
    },
    pids: () =>
      [...idle, ...busy].flatMap((child) => (child.ended || child.pid === undefined ? [] : [child.pid])),
    close: async () => {
      closed = true;
      for (const { reject } of queue.splice(0)) reject(closing);
      const children = [...idle.splice(0), ...busy];
      for (const child of children) child.kill();
      await Promise.all(children.map((child) => child.exited));
    },
  };
}
