import type { ScanComputeActivities } from '../activities/scan/scan-activities.ts';
import type { ScanOptions } from '../domain/kinds/scan.ts';
import type { JobWorkflowInput } from '../domain/workflow-input.ts';
import { computeActivities, interactivePriority } from './activity-classes.ts';
import type { JobOutcome } from './job-outcome.ts';
import { runJob } from './run-job.ts';
import { type Step, showSteps } from './show-operators.ts';

/** A file that is looked at from all sides, with everything in it. The rows are written with the transition to `done`. */
export async function scan(input: JobWorkflowInput<ScanOptions>): Promise<JobOutcome> {
  const { job_id, attempt, session_id, file_name, options } = input;
  const { scanFile } = computeActivities<ScanComputeActivities>(interactivePriority);

  return runJob(input, async () => {
    const show = (step: Omit<Step, 'title'>) => showSteps(file_name, [{ title: 'Scan', ...step }]);
    show({ state: 'working' });
    const written = await scanFile.executeWithOptions(
      { summary: 'unpack, and show every file to every stage' },
      [{ job_id, attempt, session_id, file_name, options }],
    );
    show({ state: 'done', note: written.summary });
    return written;
  });
}
