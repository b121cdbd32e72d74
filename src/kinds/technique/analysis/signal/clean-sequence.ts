import { normalised, type PoseSequence } from '../pose-sequence.ts';
import { type CleanPose, cleanPose } from './clean-pose.ts';
import type { SignalSettings } from './sampling.ts';

/** What findings and exports are made of: cleaned once for all of them. */
export interface CleanSequence {
  /** As `normalised` gives it. */
  sequence: PoseSequence;
  pose: CleanPose;
}

export function cleanSequence(given: PoseSequence, settings: SignalSettings): CleanSequence {
  const sequence = normalised(given);
  return { sequence, pose: cleanPose(sequence, settings) };
}
