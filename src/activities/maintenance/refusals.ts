import { StorageRefused } from '../../domain/errors.ts';
import type { ActivityLog } from '../activity-log.ts';

/** What S3 refuses must not keep the rest from being done: it is told one by one, and all together at the end. */
export interface Refusals {
  /** What `work` returns, or null when S3 refused it. Any other failure passes through. */
  unlessRefused<T>(work: () => Promise<T>): Promise<T | null>;
  add(refusal: StorageRefused): void;
  /** @throws StorageRefused with the count, when anything was refused */
  throwIfAny(): void;
}

export function collectRefusals(log: ActivityLog): Refusals {
  /** By key: what an upload left is met again among the originals. */
  const all = new Map<string, StorageRefused>();
  function add(refusal: StorageRefused): void {
    if (all.has(refusal.key)) return;
    all.set(refusal.key, refusal);
    log.error({ err: refusal, key: refusal.key }, 'S3 refuses the sweep; it goes on with the rest');
  }
  return {
    add,
    async unlessRefused(work) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof StorageRefused)) throw error;
        add(error);
        return null;
      }
    },
    throwIfAny() {
      const [first] = all.values();
      if (!first) return;
      const which = all.size === 1 ? 'one thing' : `${all.size} things, among them`;
      throw new StorageRefused(
        first.key,
        `The sweep is through, but S3 refused ${which}: ${first.message} The log names each.`,
        { cause: first },
      );
    },
  };
}
