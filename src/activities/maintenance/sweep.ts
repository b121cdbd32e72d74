import type { ListedObject } from '../../storage/artifact-store.ts';
import type { FailedParts } from './failed-parts.ts';
import type { Refusals } from './refusals.ts';

/** One turn of the sweep, as its parts see it. */
export interface Sweep {
  /** Older than the grace. */
  isOld(object: ListedObject): boolean;
  graceHours: number;
  signal: AbortSignal;
  refusals: Refusals;
  failedParts: FailedParts;
}

const batch = 500;

export async function* inBatches<T>(items: AsyncIterable<T>): AsyncIterable<T[]> {
  let some: T[] = [];
  for await (const item of items) {
    some.push(item);
    if (some.length < batch) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}
