import { HttpProblem } from '../../../api/http-problem.ts';

export interface Places {
  /**
   * Takes a place until the function that is returned is called; calling it again does nothing.
   * @throws HttpProblem 503 when there is none
   */
  take(userId: string): () => void;
}

/**
 * What holds memory, a connection to the database or a process for longer than a usual request: so many at once, and fewer
 * for one user, so that nobody takes all of them.
 * @param what in the plural, for the refusal
 */
export function createPlaces(what: string, { perUser, all }: { perUser: number; all: number }): Places {
  const taken = new Map<string, number>();
  let sum = 0;
  return {
    take(userId) {
      const own = taken.get(userId) ?? 0;
      if (own >= perUser || sum >= all) {
        const whose = own >= perUser ? `of yours are at work (${perUser} at most)` : 'are at work here';
        throw new HttpProblem(
          503,
          'busy',
          'Too many at once',
          `As many ${what} as may be ${whose}. Try again when one has ended.`,
          { headers: { 'retry-after': '5' } },
        );
      }
      taken.set(userId, own + 1);
      sum++;
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        sum--;
        const left = (taken.get(userId) ?? 1) - 1;
        if (left > 0) taken.set(userId, left);
        else taken.delete(userId);
      };
    },
  };
}
