import { type CleanOriginalNeeds, makeCleanOriginal } from './clean-original.ts';
import { makeLookDeep } from './look-deep.ts';
import { makeLookQuickly } from './look-quickly.ts';
import { makeMeasureHead } from './measure-head.ts';
import type { MriNeeds } from './mri-needs.ts';

/** On the compute queue: what opens a scan, runs models or measures. */
export function makeMriComputeActivities(needs: MriNeeds & CleanOriginalNeeds) {
  return {
    cleanOriginal: makeCleanOriginal(needs),
    lookQuickly: makeLookQuickly(needs),
    lookDeep: makeLookDeep(needs),
    measureHead: makeMeasureHead(needs),
  };
}

export type MriComputeActivities = ReturnType<typeof makeMriComputeActivities>;
