import { ApplicationFailure } from '@temporalio/workflow';
import type { JobOfSession, ProgressShare } from '../../activities/job-reference.ts';
import type { TechniqueComputeActivities } from '../../activities/technique/technique-activities.ts';
import type { WrittenPass } from '../../activities/technique/write-pass.ts';
import type { TechniqueOptions } from '../../domain/kinds/technique.ts';
import { computeActivities, setupPriority } from '../activity-classes.ts';
import { inParallel } from '../in-parallel.ts';
import { assertHistoryHolds } from './history-limit.ts';
import { segmentsAtOnce } from './segments-at-once.ts';

/**
 * Every frame: planned once, looked at in parallel, linked over the segments' boundaries, merged. Which worker looked at
 * what, and how many there were, changes nothing in the answer.
 */
export async function lookDeep(
  job: JobOfSession,
  options: TechniqueOptions,
  share: ProgressShare,
  onSegment: (done: number, total: number) => void,
): Promise<WrittenPass> {
  const { planDeepPass, linkSegmentsOf, mergeSegmentsOf } =
    computeActivities<TechniqueComputeActivities>(setupPriority);
  const { lookAtSegment } = computeActivities<TechniqueComputeActivities>();
  const plan = await planDeepPass.executeWithOptions({ summary: 'cut into segments' }, [job]);
  const { segments, frames } = plan;
  const width = segmentsAtOnce(plan);
  assertHistoryHolds(segments.length, job.file_name);
  const common = { ...job, options, frames_total: frames, share };
  const checkpoints: (string | null)[] = segments.map(() => null);
  let done = 0;
  onSegment(done, segments.length);
  await inParallel(segments, width, async (segment) => {
    const summary = `segment ${segment.n + 1} of ${segments.length}: ${segment.frames} frames`;
    const { sha256 } = await lookAtSegment.executeWithOptions({ summary }, [{ ...common, segment }]);
    checkpoints[segment.n] = sha256 ?? null;
    onSegment(++done, segments.length);
  });

  const { job_id, attempt } = job;
  const relooked: number[] = [];
  for (;;) {
    const summary = relooked.length === 0 ? 'one person over all segments?' : 'and now, one person?';
    const { relook, gaps } = await linkSegmentsOf.executeWithOptions({ summary }, [
      { job_id, attempt, segments: segments.length, relooked },
    ]);
    if (relook.length === 0) {
      return mergeSegmentsOf.executeWithOptions({ summary: 'merge, measure, report' }, [
        { ...job, options, plan_sha256: plan.plan_sha256, checkpoints, relooked, gaps },
      ]);
    }
    await inParallel(relook, width, async ({ n, seed, appearance }) => {
      const segment = segments[n];
      // Passed over, it would be asked for again and again.
      if (!segment) throw ApplicationFailure.nonRetryable(`There is no segment ${n + 1}.`, 'Unexpected');
      const { sha256 } = await lookAtSegment.executeWithOptions(
        { summary: `segment ${n + 1} again: it followed somebody else` },
        [{ ...common, segment, told: { seed, appearance } }],
      );
      checkpoints[n] = sha256 ?? null;
      relooked.push(n);
    });
  }
}
