import type { Report, Tell } from './serve-tasks.ts';

/** Tasks by name: for each its request, its result and what it tells while it is at work. */
export type TaskTable<T> = {
  [K in keyof T]: { task: NamedTask<K>; result: unknown; progress: unknown };
};

interface NamedTask<Name> {
  task: Name;
  /** What the user called the file that the task opens, for the message of an unforeseen error. */
  fileName?: string;
}

/** What does the tasks of a table, in a child process. */
export type TaskHandlers<T extends TaskTable<T>> = {
  [K in keyof T]: (
    task: T[K]['task'],
    report: Report<T[K]['progress']>,
    tell: Tell<T[K]['progress']>,
  ) => Promise<T[K]['result']>;
};
