import { makeInspectVideo } from './inspect-video.ts';
import { makeLinkSegments } from './link-segments.ts';
import { makeLookAtSegment } from './look-at-segment.ts';
import { makeMergeSegments } from './merge-segments.ts';
import { makePersistPass, type PersistPassNeeds } from './persist-pass.ts';
import { makePlanDeepPass } from './plan-deep-pass.ts';
import { makeReanalyse, type ReanalyseNeeds } from './reanalyse.ts';
import { makeTakeQuickLook } from './take-quick-look.ts';
import type { TechniqueNeeds } from './technique-needs.ts';

/** On the main queue: light I/O. */
export function makeTechniqueMainActivities(needs: PersistPassNeeds) {
  return { persistPass: makePersistPass(needs) };
}

/** On the compute queue: what takes a core or much memory. */
export function makeTechniqueComputeActivities(needs: TechniqueNeeds & ReanalyseNeeds) {
  return {
    inspectVideo: makeInspectVideo(needs),
    takeQuickLook: makeTakeQuickLook(needs),
    planDeepPass: makePlanDeepPass(needs),
    lookAtSegment: makeLookAtSegment(needs),
    linkSegmentsOf: makeLinkSegments(needs),
    mergeSegmentsOf: makeMergeSegments(needs),
    reanalyse: makeReanalyse(needs),
  };
}

export type TechniqueMainActivities = ReturnType<typeof makeTechniqueMainActivities>;
export type TechniqueComputeActivities = ReturnType<typeof makeTechniqueComputeActivities>;
