import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child, type ChildOptions, type Work } from './child/child.ts';

/** What a child can do: for each task its request, its result and what it tells while at work. */
export type TaskTable<T> = {
  [K in keyof T]: { task: { task: K; path: string; fileName: string }; result: unknown; progress: unknown };
};

export interface ChildPoolOptions {
  /** Children at work at once; as many as cores is right, each computes on one thread. */
  size: number;
  /** After so many tasks a child is replaced, which bounds what a leak can cost. */
  maxTasksPerChild?: number;
  memoryLimitMb?: number;
  /** A task that shows no progress for so long is taken for hung, and its child killed. */
  stallSeconds?: number;
  /** The module the children run; the vision child unless told. */
  entry?: URL;
  /** For the module, as `process.argv` from 2 on. */
  args?: readonly string[];
}

export interface RunOptions<Progress> {
  /** Aborting kills the child at once and rejects with the signal's reason. */
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

export interface ChildPool<T extends TaskTable<T>> {
  /**
   * Waits for a free child, then has it do the task.
   * @throws DecoderCrashed naming the file when the child is lost; the task's own domain errors
   */
  run<K extends keyof T & string>(
    task: T[K]['task'] & { task: K },
    options?: RunOptions<T[K]['progress']>,
  ): Promise<T[K]['result']>;
  /** Of the children now alive. */
  pids(): number[];
  /** Kills every child; tasks under way or waiting are rejected. */
  close(): Promise<void>;
}

interface Waiting extends Work {
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
}

/** Opens a pool of child processes. They start at once, so that the first task finds one warm, and stay for the next. */
export function openChildPool<T extends TaskTable<T>>({
  size,
  maxTasksPerChild = 500,
  memoryLimitMb = 3072,
  stallSeconds = 60,
  entry = siblingEntry(),
  args = [],
}: ChildPoolOptions): ChildPool<T> {
  const options: ChildOptions = { entry, args, memoryLimitMb, stallSeconds };
  const idle: Child[] = Array.from({ length: size }, () => new Child(options));
  const busy = new Set<Child>();
  const queue: Waiting[] = [];
  let closed = false;

  const next = () => {
    while (queue.length > 0 && busy.size < size) {
      const waiting = queue.shift() as Waiting;
      let child = idle.pop();
      while (child?.ended) child = idle.pop();
      void occupy(child ?? new Child(options), waiting);
    }
  };

  const occupy = async (child: Child, waiting: Waiting) => {
    busy.add(child);
    try {
      waiting.resolve(await child.run(waiting));
    } catch (error) {
      waiting.reject(error);
      // A child that was killed or died is on its way out; one that merely reported an error is sound.
      await Promise.race([child.exited, new Promise(setImmediate)]);
    }
    busy.delete(child);
    if (child.killed || child.ended || closed || child.tasksDone >= maxTasksPerChild) {
      child.kill();
      // Somebody is waiting for the next task: its process is on its way before that comes.
      if (!closed) idle.push(new Child(options));
    } else idle.push(child);
    next();
  };

  return {
    run: (task, { signal, onProgress } = {}) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new Error('The pool of vision processes is closed.'));
        if (signal?.aborted) return reject(signal.reason);
        const waiting: Waiting = { task, signal, onProgress, resolve: resolve as never, reject };
        signal?.addEventListener('abort', () => {
          const at = queue.indexOf(waiting);
          if (at >= 0) reject(queue.splice(at, 1)[0] && signal.reason);
        });
        queue.push(waiting);
        next();
      }),
    pids: () =>
      [...idle, ...busy].flatMap((child) => (child.ended || child.pid === undefined ? [] : [child.pid])),
    close: async () => {
      closed = true;
      for (const { reject } of queue.splice(0)) reject(new Error('The pool of vision processes was closed.'));
      const children = [...idle.splice(0), ...busy];
      for (const child of children) child.kill();
      await Promise.all(children.map((child) => child.exited));
    },
  };
}

/** `kinds/child.ts` when run from source, `kinds/child.js` when compiled. */
function siblingEntry(): URL {
  return new URL(`../kinds/child${extname(fileURLToPath(import.meta.url))}`, import.meta.url);
}
