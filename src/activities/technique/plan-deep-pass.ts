import { planDeep, type Segment } from '../../kinds/technique/analysis/plan-deep.ts';
import type { JobOfSession } from '../job-reference.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';
import { writerFor } from '../write-artifact.ts';
import { type DeepPlan, planName } from './deep-files.ts';
import type { TechniqueNeeds } from './technique-needs.ts';

export interface PlannedDeepPass {
  segments: Segment[];
  frames: number;
  /** Of the plan as it lies in S3, lower-case hex; absent in histories from before it was told. */
  plan_sha256?: string;
  /** Segments that one worker looks at at once; absent in histories from before it was told. */
  concurrency?: number;
}

/** Cuts the video into segments, once for the job: a later attempt plans the same. */
export function makePlanDeepPass(needs: TechniqueNeeds) {
  const { fetchOriginal, indexOf, segmentFrames, concurrency } = needs;
  return async function planDeepPass(job: JobOfSession): Promise<PlannedDeepPass> {
    return whileHeartbeating(async (signal) => {
      const { path, sha256 } = await fetchOriginal(job.session_id, signal);
      const index = await indexOf({ path, sha256, fileName: job.file_name }, signal);
      const segments = planDeep(index, segmentFrames);
      const plan: DeepPlan = { source_sha256: sha256, index, segments, segment_frames: segmentFrames };
      const writer = writerFor(needs, job.job_id, 'deep', signal);
      const { sha256: plan_sha256 } = await writer.put(planName, JSON.stringify(plan), 'application/json');
      return { segments, frames: index.frame_count, plan_sha256, concurrency };
    });
  };
}
