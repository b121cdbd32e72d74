import type { Judgement } from '../activities/preceding/judge-preceding.ts';
import type { Job } from '../domain/job.ts';
import type { KindsAtWork, SharedParts } from './kind-at-work.ts';

/**
 * Which kinds ask for a job of theirs before those of others, and what such a job means. A kind that may precede others is
 * preceded by none, so that no two wait for each other.
 */
export function precedence(kinds: KindsAtWork, settings: SharedParts['settings']) {
  return {
    precedingKinds: (kind: string): string[] =>
      kinds[kind]?.precedes
        ? []
        : Object.keys(kinds).filter((other) => kinds[other]?.precedes?.isWanted({ kind, settings })),
    judge(job: Job): Judgement {
      const precedes = kinds[job.kind]?.precedes;
      if (!precedes) throw new RangeError(`A ${job.kind} precedes no other job.`);
      return precedes.judge(job, settings);
    },
  };
}
