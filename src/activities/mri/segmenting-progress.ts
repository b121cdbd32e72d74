import type { LookName } from '../../kinds/mri/child/look-tasks.ts';
import type { JobReference } from '../job-reference.ts';
import { progressReporter } from '../progress-reporter.ts';
import type { MriNeeds } from './mri-needs.ts';

type SegmentingStep = 'quick' | LookName;

/** What each step takes: CPU seconds measured on a head of 256³ voxels; the rest of `total` is measuring. */
const cost: Record<SegmentingStep, number> = { quick: 8, brain: 21, structures: 26, second: 38 };
const steps = Object.keys(cost);
const total = 100;

/** Tells how far the segmentation is: `report` with a share of the step, `done` when it has ended or had ended before. */
export function segmentingProgress(
  { recordProgress }: Pick<MriNeeds, 'recordProgress'>,
  { job_id, attempt }: JobReference,
  step: SegmentingStep,
): { report(share: number): void; done(): Promise<void> } {
  const part = steps.indexOf(step);
  const fixed = { job_id, attempt, pass: 'segmenting', part, total, from_pct: 0, to_pct: 85 };
  const report = progressReporter(recordProgress, fixed);
  return {
    report: (done) => report(Math.floor(done * cost[step])),
    // Progress is no promise: a step that cannot tell it has ended all the same.
    done: () => recordProgress({ ...fixed, done: cost[step] }).catch(() => {}),
  };
}
