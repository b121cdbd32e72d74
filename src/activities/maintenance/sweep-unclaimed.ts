import { jobPrefix } from '../../domain/artifact.ts';
import { StorageUnavailable } from '../../domain/errors.ts';
import type { Job } from '../../domain/job.ts';
import type { Kinds } from '../../domain/kind-registry.ts';
import { isUuid } from '../../domain/uuid.ts';
import type { ArtifactStore } from '../../storage/artifact-store.ts';
import { inBatches, type Sweep } from './sweep.ts';

export interface UnclaimedSweepNeeds {
  kinds: Kinds;
  store: Pick<ArtifactStore, 'list' | 'deleteKeys'>;
  endedJobs(which: { ids: readonly string[]; olderThanHours: number }): Promise<Job[]>;
  whichKeysAreClaimed(keys: readonly string[]): Promise<Set<string>>;
  /** Longer than this S3 may not take to delete; half a minute unless told. */
  removeWithinMs?: number;
  whileEnded<T>(job: { job_id: string; attempt: number }, work: () => Promise<T>): Promise<T | null>;
}

/**
 * What ended jobs left that no row of theirs claims: written, and then the transaction that claims it never came, or
 * a checkpoint nobody reads any more. What a retry goes on from stays. Returns how many objects went.
 */
export function makeSweepUnclaimed(needs: UnclaimedSweepNeeds) {
  const { kinds, store, endedJobs, whichKeysAreClaimed, whileEnded, removeWithinMs = 30_000 } = needs;

  async function leftBy(
    objects: readonly { key: string }[],
    { graceHours, failedParts }: Sweep,
  ): Promise<{ job: Job; key: string }[]> {
    const byJob = Map.groupBy(objects, ({ key }) => jobIdOf(key));
    const ids = [...byJob.keys()].filter(isUuid);
    const found: { job: Job; key: string }[] = [];
    for (const job of await endedJobs({ ids, olderThanHours: graceHours })) {
      const { job_id, kind } = job;
      await failedParts.unlessFailed({ job_id, kind }, async () => {
        for (const { key } of byJob.get(job_id) ?? [])
          if (!isForRetry(kinds, job, key)) found.push({ job, key });
      });
    }
    const claimed = await whichKeysAreClaimed(found.map(({ key }) => key));
    return found.filter(({ key }) => !claimed.has(key));
  }

  /** PostgreSQL ends the transaction that keeps retries away after a minute: S3 must have deleted by then, or not at all. */
  async function remove(keys: readonly string[]): Promise<number> {
    const signal = AbortSignal.timeout(removeWithinMs);
    await store.deleteKeys(keys, { signal }).catch((cause) => {
      if (!signal.aborted) throw cause;
      throw new StorageUnavailable(`S3 takes more than ${removeWithinMs / 1000} s to delete.`, { cause });
    });
    return keys.length;
  }

  return async function sweepUnclaimed(sweep: Sweep): Promise<number> {
    const { isOld, signal, refusals, failedParts } = sweep;
    let removed = 0;
    for await (const objects of inBatches(store.list('jobs/'))) {
      signal.throwIfAborted();
      const left = await leftBy(objects.filter(isOld), sweep);
      for (const [job, of] of Map.groupBy(left, ({ job }) => job)) {
        const keys = of.map(({ key }) => key);
        const { job_id, kind } = job;
        const gone = await failedParts.unlessFailed({ job_id, kind }, () =>
          refusals.unlessRefused(() => whileEnded(job, () => remove(keys))),
        );
        removed += gone ?? 0;
      }
    }
    return removed;
  };
}

const jobIdOf = (key: string): string => key.split('/')[1] ?? '';

function isForRetry(kinds: Kinds, { job_id, kind, phase }: Job, key: string): boolean {
  return phase !== 'succeeded' && kinds.named(kind).resumesFrom(key.slice(jobPrefix(job_id).length));
}
