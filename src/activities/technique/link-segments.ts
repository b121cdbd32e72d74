import {
  type Links,
  type LookedSegment,
  linkSegments,
} from '../../kinds/technique/analysis/link-segments.ts';
import type { JobReference } from '../job-reference.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';
import { linkName, readSegments, type StoredEnds } from './deep-files.ts';
import type { TechniqueNeeds } from './technique-needs.ts';

/**
 * So many segments are asked for at once, the earliest first; the next linking asks for those after. Each carries an
 * appearance of five kilobytes, and what an activity answers may hold two megabytes.
 */
const mostAtOnce = 64;

/** Follows the person over the segments' boundaries; says which segment must be looked at again. */
export function makeLinkSegments({ store }: Pick<TechniqueNeeds, 'store'>) {
  return async function linkSegmentsOf(
    job: JobReference & { segments: number; relooked: number[] },
  ): Promise<Links> {
    const { job_id, segments, relooked } = job;
    return whileHeartbeating(async () => {
      const looks: LookedSegment[] = [];
      const nameOf = (n: number) => linkName(n, relooked.includes(n));
      for await (const file of readSegments(store, job_id, segments, nameOf)) {
        const { n, ends }: StoredEnds = JSON.parse(file.toString());
        looks.push({ n, look: ends, relooked: relooked.includes(n) });
      }
      const { relook, gaps } = linkSegments(looks);
      return { relook: relook.slice(0, mostAtOnce), gaps };
    });
  };
}
