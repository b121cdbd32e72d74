import { type Links, type LookedSegment, linkSegments } from '../../analysis/technique/link-segments.ts';
import type { Look } from '../../analysis/technique/look.ts';
import type { JobReference } from '../job-reference.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';
import { readSegments, type StoredLook } from './deep-files.ts';
import type { TechniqueNeeds } from './technique-needs.ts';

/** Follows the person over the segments' boundaries; says which segment must be looked at again. */
export function makeLinkSegments({ store }: Pick<TechniqueNeeds, 'store'>) {
  return async function linkSegmentsOf(
    job: JobReference & { segments: number; relooked: number[] },
  ): Promise<Links> {
    return whileHeartbeating(async () => {
      const looks: LookedSegment[] = [];
      for await (const file of readSegments(store, job.job_id, job.segments, job.relooked)) {
        const { segment, look }: StoredLook = JSON.parse(file.toString());
        looks.push({ n: segment.n, look: withoutFrames(look), relooked: job.relooked.includes(segment.n) });
      }
      return linkSegments(looks);
    });
  };
}

/** Linking asks only whether anybody was followed at all; a long video's keypoints need not be held at once. */
function withoutFrames(look: Look): Look {
  const followed = look.frames.find(({ keypoints }) => keypoints !== null);
  return { ...look, frames: followed ? [followed] : [] };
}
