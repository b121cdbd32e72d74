import type { PlannedDeepPass } from '../../activities/technique/plan-deep-pass.ts';

/** More than any worker takes, few enough that other jobs get their turn. */
const most = 32;
/** A job has work for so many workers as leaves each some segments to even out with. */
const segmentsEach = 4;

/**
 * How many segments of one job are with Temporal at once. It hands out what waits in no order of its own, and a long
 * segment that comes last keeps one core at work and all others waiting: so no more wait than keep one worker busy,
 * or a quarter of all where that is more, since there may be other workers.
 */
export function segmentsAtOnce({ segments, concurrency }: PlannedDeepPass): number {
  if (concurrency === undefined) return most;
  return Math.min(most, Math.max(2 * concurrency, Math.ceil(segments.length / segmentsEach)));
}
