import type { MriLanguageActivities } from '../activities/mri/language-activities.ts';
import type { MriComputeActivities } from '../activities/mri/mri-activities.ts';
import type { MriOptions } from '../domain/kinds/mri.ts';
import type { JobWorkflowInput } from '../domain/workflow-input.ts';
import { computeActivities, endpointActivities, interactivePriority } from './activity-classes.ts';
import type { JobOutcome } from './job-outcome.ts';
import { runJob } from './run-job.ts';
import { type Step, showSteps } from './show-operators.ts';

const looks = [
  ['brain', 'where the brain is'],
  ['structures', 'which structure is where'],
  ['second', 'the same, by an independent model'],
] as const;

/** A head's scan: cleaned, looked at quickly and deeply, described, and told with sources. */
export async function mri(input: JobWorkflowInput<MriOptions>): Promise<JobOutcome> {
  const { job_id, attempt, session_id, file_name, options } = input;
  const scan = { job_id, attempt, session_id, file_name };
  const { cleanOriginal, lookQuickly } = computeActivities<MriComputeActivities>(interactivePriority);
  const { lookDeep, measureHead } = computeActivities<MriComputeActivities>();
  const { describeImage, writeEnhancedReport } = endpointActivities<MriLanguageActivities>();

  return runJob(input, async ({ passes, finished, enter }) => {
    const steps: Record<string, Step> = {
      segmenting: { title: 'Segment', state: 'waiting' },
      converting: { title: 'Describe', state: 'waiting' },
      enhancing: { title: 'Report', state: 'waiting' },
    };
    for (const pass of finished) (steps[pass] as Step).state = 'done before';
    const show = (pass: string, state: Step['state'], note: string) => {
      steps[pass] = { ...(steps[pass] as Step), state, note };
      showSteps(file_name, Object.values(steps));
    };

    if (passes.includes('segmenting')) {
      show('segmenting', 'working', 'removing what names a person');
      await cleanOriginal.executeWithOptions({ summary: 'remove what names a person' }, [scan]);
      show('segmenting', 'working', 'a quick look');
      await lookQuickly.executeWithOptions({ summary: 'is it a head in T1, and where?' }, [scan]);
      for (const [look, summary] of looks) {
        show('segmenting', 'working', summary);
        await lookDeep.executeWithOptions({ summary }, [{ ...scan, look }]);
      }
      const { confidence } = await measureHead.executeWithOptions({ summary: 'volumes, maps, pictures' }, [
        { ...scan, options },
      ]);
      show('segmenting', 'done', `confidence ${confidence.toFixed(2)}`);
    }
    if (passes.includes('converting')) {
      if (passes.includes('segmenting'))
        await enter({ status: 'converting', stage: 'CONVERTING', why: 'it is measured', progress_pct: 85 });
      show('converting', 'working', 'describing the image');
      const { path } = await describeImage.executeWithOptions({ summary: 'describe the image' }, [
        { job_id, attempt },
      ]);
      show('converting', 'done', path === 'model' ? 'by the configured model' : 'by ourselves');
    }
    if (passes.includes('enhancing')) {
      if (passes.includes('converting'))
        await enter({ status: 'enhancing', stage: 'ENHANCING', why: 'it is described', progress_pct: 90 });
      show('enhancing', 'working', 'writing the report');
      const { path } = await writeEnhancedReport.executeWithOptions({ summary: 'write the report' }, [
        { job_id, attempt },
      ]);
      show('enhancing', 'done', path === 'model' ? 'by the configured model' : 'by the template');
    }
    return undefined;
  });
}
