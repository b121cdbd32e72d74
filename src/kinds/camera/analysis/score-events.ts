/** From the first time at which something is there to the first at which it is not, in seconds. */
export interface Interval {
  start_s: number;
  end_s: number;
}

export interface Score {
  /** 1 where there was nothing to find and nothing was found. */
  f1: number;
  matched: number;
  missed: number;
  /** Found, and not there. */
  invented: number;
  /** Mean distance of the matched starts and ends from the true ones, in seconds; null where nothing is matched. */
  border_error_s: number | null;
}

/** Common time over the time of both, from which an event is the one that is meant. */
export const SAME_EVENT = 0.3;

/** Pairs what was found with what is true, one with one, those first that agree best. */
export function scoreEvents(found: readonly Interval[], truth: readonly Interval[]): Score {
  const pairs = truth
    .flatMap((meant) => found.map((event) => ({ meant, event, agrees: commonShare(meant, event) })))
    .filter(({ agrees }) => agrees >= SAME_EVENT)
    .sort((a, b) => b.agrees - a.agrees);
  const taken = new Set<Interval>();
  const errors: number[] = [];
  let matched = 0;
  for (const { meant, event } of pairs) {
    if (taken.has(meant) || taken.has(event)) continue;
    taken.add(meant).add(event);
    matched++;
    errors.push(Math.abs(event.start_s - meant.start_s), Math.abs(event.end_s - meant.end_s));
  }
  const [missed, invented] = [truth.length - matched, found.length - matched];
  const all = 2 * matched + missed + invented;
  return {
    f1: all === 0 ? 1 : (2 * matched) / all,
    matched,
    missed,
    invented,
    border_error_s: matched === 0 ? null : errors.reduce((sum, error) => sum + error, 0) / errors.length,
  };
}

function commonShare(one: Interval, other: Interval): number {
  const common = Math.min(one.end_s, other.end_s) - Math.max(one.start_s, other.start_s);
  const whole = Math.max(one.end_s, other.end_s) - Math.min(one.start_s, other.start_s);
  return common <= 0 ? 0 : common / whole;
}
