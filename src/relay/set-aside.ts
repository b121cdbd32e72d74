import { backoff } from './backoff.ts';
import type { Entry } from './entries.ts';

/** Longest wait before an entry that Temporal refused is tried again, ms. */
const longestRefusedMs = 60_000;
/** Longest wait before a retry asks again whether the run before it has ended, ms. */
const longestWaitMs = 5000;

/** Entries that cannot be told now for a reason of their own, and must not hold up the others. */
export interface Aside {
  readonly size: number;
  isDue(entry: Entry): boolean;
  /** It waits, longer each time. @returns whether this is the first time it was refused */
  add(entry: Entry, why: 'waits' | 'refused'): boolean;
  delete(entry: Entry): void;
  /** Forgets those that are in the outbox no more. */
  keepOnly(present: readonly Entry[]): void;
}

const keyOf = ({ what, id }: Entry) => `${what} ${id}`;

export function openAside(firstMs: number): Aside {
  // By a clock that nobody sets back or forward.
  const all = new Map<string, { until: number; wait: () => number; why: 'waits' | 'refused' }>();
  return {
    get size() {
      return all.size;
    },
    isDue: (entry) => (all.get(keyOf(entry))?.until ?? 0) <= performance.now(),
    add(entry, why) {
      const earlier = all.get(keyOf(entry));
      const again = earlier?.why === why;
      const wait = again
        ? earlier.wait
        : backoff(firstMs, why === 'waits' ? longestWaitMs : longestRefusedMs).wait;
      all.set(keyOf(entry), { until: performance.now() + wait(), wait, why });
      return why === 'refused' && !again;
    },
    delete: (entry) => void all.delete(keyOf(entry)),
    keepOnly(present) {
      const keys = new Set(present.map(keyOf));
      for (const key of all.keys()) if (!keys.has(key)) all.delete(key);
    },
  };
}
