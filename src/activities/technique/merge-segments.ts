import type { TechniqueOptions } from '../../domain/kinds/technique.ts';
import type { FrameToDraw } from '../../kinds/technique/analysis/findings/frames-to-draw.ts';
import type { JobOfSession } from '../job-reference.ts';
import { whileHeartbeating } from '../while-heartbeating.ts';
import { readPlan, readSegments, segmentName } from './deep-files.ts';
import { drawEvidence } from './draw-evidence.ts';
import { measureInThread } from './measure-in-thread.ts';
import { provenanceOf, type TechniqueNeeds } from './technique-needs.ts';
import { writeDeepPass } from './write-deep-pass.ts';
import type { WrittenPass } from './write-pass.ts';

export type MergeJob = JobOfSession & {
  options: TechniqueOptions;
  /** Of the plan that the segments were looked at by; absent in histories from before it was told. */
  plan_sha256?: string | undefined;
  /** Of each segment's checkpoint, by its number; absent, in whole or in part, in histories from before it was told. */
  checkpoints?: (string | null)[];
  /** Segments whose second look counts. */
  relooked: number[];
  /** Segments that followed somebody else, twice: nobody is seen there. */
  gaps: number[];
};

/** One sequence out of all segments, and all that is read from it. @throws ObjectChanged when the plan or a checkpoint was written over */
export function makeMergeSegments(needs: TechniqueNeeds) {
  const { store, fetchOriginal } = needs;
  return async function mergeSegmentsOf(job: MergeJob): Promise<WrittenPass> {
    const {
      job_id,
      session_id,
      file_name: fileName,
      options,
      plan_sha256,
      checkpoints = [],
      relooked,
      gaps,
    } = job;
    return whileHeartbeating(async (signal) => {
      const { index, segments, segment_frames } = await readPlan(store, job_id, plan_sha256);
      const { path, sha256 } = await fetchOriginal(session_id, signal);
      const { width, height, fps, timestamps_s, duration_s, frame_count, missing_frames } = index;
      await using measured = await measureInThread(
        {
          source: { kind: 'segments', gaps, video: { width, height, fps, timestamps_s } },
          context: {
            pass: 'deep',
            video: { duration_s, frame_count, missing_frames },
            options,
            provenance: provenanceOf(needs, sha256, {
              pass: 'deep',
              segment_frames,
              segments: segments.length,
              person: options.person ?? null,
            }),
          },
        },
        readSegments(
          store,
          job_id,
          segments.length,
          (n) => segmentName(n, relooked.includes(n)),
          (n) => checkpoints[n] ?? undefined,
        ),
        signal,
      );
      const draw = (frames: FrameToDraw[]) => drawEvidence(needs, { path, fileName, frames }, signal);
      return await writeDeepPass(needs, { job_id, file_name: fileName, measured, draw }, signal);
    });
  };
}
