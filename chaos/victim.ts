import type { ChildChoice } from './schedule.ts';

/** A child process of a worker. */
export interface Child {
  pid: number;
  /** Index of its worker. */
  worker: number;
  /** Whether it is at work. */
  busy: boolean;
}

/** One at work rather than an idle one, of the drawn worker rather than another, and then the drawn one of those. */
export function chooseChild(children: readonly Child[], { worker, nth }: ChildChoice): Child | undefined {
  const atWork = children.filter(({ busy }) => busy);
  const some = atWork.length > 0 ? atWork : children;
  const ofWorker = some.filter((child) => child.worker === worker);
  const among = ofWorker.length > 0 ? ofWorker : some;
  return among[Math.floor(nth * among.length)];
}
