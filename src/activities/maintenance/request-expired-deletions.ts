import type { DeletionWish } from '../../database/deletions/request-deletion.ts';
import { Conflict, NotFound } from '../../domain/errors.ts';
import type { Job } from '../../domain/job.ts';
import type { ActivityLog } from '../activity-log.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';
import { collectFailedParts } from './failed-parts.ts';

export interface RetentionNeeds {
  expiredJobs(query: { kind: string; olderThanDays: number; limit: number }): Promise<Job[]>;
  /** Sessions without a job. */
  expiredSessions(query: { olderThanDays: number; limit: number }): Promise<{ id: string }[]>;
  requestDeletion(wish: DeletionWish): Promise<unknown>;
  log: ActivityLog;
}

/** Days by kind; a kind that is absent is kept for ever. */
export type RetentionDays = Readonly<Record<string, number>>;

const by = 'retention';
const limit = 100;

/**
 * Asks for the deletion of ended jobs that are older than their kind's retention, and of sessions left without a job for
 * longer than the longest one. The deletions are rows; the relay starts their workflows. A kind that fails does not keep
 * the next from its turn; the failure is logged, and thrown when all had theirs.
 */
export function makeRequestExpiredDeletions(needs: RetentionNeeds) {
  const { expiredJobs, expiredSessions, requestDeletion, log } = needs;

  async function request(target: 'job' | 'session', id: string): Promise<boolean> {
    try {
      await requestDeletion({ target, id, by, cancel: false });
      return true;
    } catch (error) {
      // Retried, used again or deleted between the two looks: not expired any more.
      if (error instanceof Conflict || error instanceof NotFound) return false;
      throw error;
    }
  }

  return async function requestExpiredDeletions({ days }: { days: RetentionDays }) {
    return whileHeartbeating(async (signal) => {
      const asked = { jobs: 0, sessions: 0 };
      const failedParts = collectFailedParts(log);
      const rounds = [
        ...Object.entries(days).map(([kind, olderThanDays]) => ({
          part: { kind },
          target: 'job' as const,
          find: () => expiredJobs({ kind, olderThanDays, limit }),
        })),
        ...(Object.keys(days).length > 0
          ? [
              {
                part: { sessions: 'without a job' },
                target: 'session' as const,
                find: () => expiredSessions({ olderThanDays: Math.max(...Object.values(days)), limit }),
              },
            ]
          : []),
      ];
      for (const { part, target, find } of rounds) {
        await failedParts.unlessFailed(part, async () => {
          for (;;) {
            signal.throwIfAborted();
            const found = (await find()).map((one) => ('job_id' in one ? one.job_id : one.id));
            let taken = 0;
            for (const id of found) if (await request(target, id)) taken++;
            asked[target === 'job' ? 'jobs' : 'sessions'] += taken;
            if (found.length < limit || taken === 0) break;
          }
        });
      }
      if (asked.jobs + asked.sessions > 0) log.info(asked, 'Deletions asked for by retention');
      failedParts.throwIfAny();
      return asked;
    });
  };
}
