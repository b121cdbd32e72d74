import type { ProgressShare } from '../activities/job-reference.ts';
import type {
  TechniqueComputeActivities,
  TechniqueMainActivities,
} from '../activities/technique/technique-activities.ts';
import type { TechniqueOptions, TechniquePass } from '../domain/kinds/technique.ts';
import type { JobWorkflowInput } from '../domain/workflow-input.ts';
import { computeActivities, interactivePriority, kindActivities } from './activity-classes.ts';
import type { JobOutcome } from './job-outcome.ts';
import { runJob } from './run-job.ts';
import { bar, type Step, showSteps } from './show-operators.ts';
import { lookDeep } from './technique/look-deep.ts';

/** A coach's video: a quick look whose findings can be read at once, then every frame. */
export async function technique(input: JobWorkflowInput<TechniqueOptions>): Promise<JobOutcome> {
  const { job_id, attempt, session_id, user_id, file_name, options } = input;
  const job = { job_id, attempt, session_id, file_name };
  const { inspectVideo, takeQuickLook, reanalyse } =
    computeActivities<TechniqueComputeActivities>(interactivePriority);
  const { persistPass } = kindActivities<TechniqueMainActivities>();

  return runJob(input, async ({ passes, finished, enter }) => {
    const steps: Record<TechniquePass, Step> = {
      quick: { title: 'Quick look', state: 'waiting' },
      deep: { title: 'Deep look', state: 'waiting' },
    };
    for (const pass of finished) steps[pass as TechniquePass].state = 'done before';
    let heading = file_name;
    const show = () =>
      showSteps(
        heading,
        [...finished, ...passes].map((pass) => steps[pass as TechniquePass]),
      );
    const begin = (pass: TechniquePass, note: string) => {
      steps[pass] = { ...steps[pass], state: 'working', note };
      show();
    };
    const persist = async (
      pass: TechniquePass,
      written: Awaited<ReturnType<typeof takeQuickLook>>,
    ): Promise<undefined> => {
      await persistPass.executeWithOptions({ summary: `${pass} pass into the database` }, [
        { job_id, attempt, pass, written },
      ]);
      steps[pass] = { ...steps[pass], state: 'done', note: written.summary };
      show();
    };

    if (options.source_job_id) {
      begin('deep', `keypoints of job \`${options.source_job_id}\`, analysed again`);
      const again = await reanalyse.executeWithOptions({ summary: 'stored keypoints, analysed again' }, [
        { ...job, user_id, options },
      ]);
      return persist('deep', again);
    }

    if (passes.length > 0) {
      const video = await inspectVideo.executeWithOptions({ summary: `what ${short(file_name)} holds` }, [
        job,
      ]);
      heading = `${file_name}: ${video.frame_count} frames, ${Math.round(video.duration_s)} s, ${video.width} × ${video.height}, ${video.codec}`;
    }

    if (passes.includes('quick')) {
      begin('quick', 'about 150 frames spread over the video');
      const written = await takeQuickLook.executeWithOptions({ summary: 'quick look' }, [
        { ...job, options, share: shareOf(passes, 'quick') },
      ]);
      await persist('quick', written);
    }

    if (passes.includes('deep')) {
      const share = shareOf(passes, 'deep');
      await enter({ stage: 'DEEP', why: 'the quick pass is finished', progress_pct: share.from_pct });
      begin('deep', 'cutting the video into segments');
      const written = await lookDeep(job, options, share, (done, total) =>
        begin('deep', `${bar(done, total)} segments`),
      );
      await persist('deep', written);
    }
  });
}

/** Of 100 %: the quick look is a small part of a deep job, and the end belongs to merging and guarding. */
function shareOf(passes: readonly string[], pass: TechniquePass): ProgressShare {
  if (pass === 'deep') return { from_pct: 10, to_pct: 95 };
  return { from_pct: 0, to_pct: passes.includes('deep') ? 10 : 95 };
}

/** Temporal takes summaries up to 200 bytes. */
function short(name: string): string {
  return name.length > 40 ? `${name.slice(0, 39)}…` : name;
}
