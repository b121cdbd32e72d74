import type { ActivityLog } from '../../../activities/activity-log.ts';
import type { LiveLease } from './live-lease.ts';

export interface HeldLease {
  /** Aborts when the lease is another's, or may be. */
  lost: AbortSignal;
  /** Asks who has it, before something is told. */
  isHeld(): Promise<boolean>;
  /** Never throws: a lease that cannot be given back expires. */
  release(): Promise<void>;
}

/**
 * Renews a lease for as long as it is needed. A database that is away for a moment costs nothing; when it stays away until
 * the lease may be another's, the lease is lost.
 */
export function holdLease(
  lease: LiveLease,
  log: ActivityLog,
  names: { job_id: string; camera_id: string },
): HeldLease {
  const lost = new AbortController();
  let renewed = performance.now();

  async function renew(): Promise<void> {
    const asked = performance.now();
    try {
      if (await lease.renew()) renewed = asked;
      else lost.abort();
    } catch (error) {
      if (performance.now() - renewed < lease.lasts_ms) return;
      log.warn({ ...names, err: error }, 'the right to read a camera could not be kept');
      lost.abort();
    }
  }

  const timer = setInterval(renew, lease.lasts_ms / 3);
  return {
    lost: lost.signal,
    async isHeld() {
      if (!lost.signal.aborted) await renew();
      return !lost.signal.aborted;
    },
    async release() {
      clearInterval(timer);
      await lease
        .release()
        .catch((error) =>
          log.warn({ ...names, err: error }, 'the right to read a camera was not given back'),
        );
    },
  };
}
