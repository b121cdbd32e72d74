import { continueAsNew } from '@temporalio/workflow';
import type { JobWorkflowInput } from '../../../src/domain/workflow-input.ts';
import { kindActivities, liveActivities } from '../../../src/workflows/activity-classes.ts';
import type { JobOutcome } from '../../../src/workflows/job-outcome.ts';
import { runJob } from '../../../src/workflows/run-job.ts';
import type { ProofActivities } from './activities.ts';
import type { ProofOptions } from './definition.ts';

const steps: Readonly<Record<string, { status: string; stage: string }>> = {
  read: { status: 'reading', stage: 'READ' },
  weigh: { status: 'weighing', stage: 'WEIGH' },
  write: { status: 'writing', stage: 'WRITE' },
};

/** One pass a run where it is to continue as new, else all of them. */
export async function proof(input: JobWorkflowInput<ProofOptions> & { run?: number }): Promise<JobOutcome> {
  const { job_id, attempt, options, run = 1 } = input;
  const { takePass } = kindActivities<Pick<ProofActivities, 'takePass'>>();
  const { openSource } = liveActivities<Pick<ProofActivities, 'openSource'>>();
  return runJob(input, async ({ passes, enter }) => {
    if (options.url !== undefined) await openSource({ options });
    for (const pass of passes) {
      await enter({ ...(steps[pass] as (typeof steps)[string]), why: `next is ${pass}`, progress_pct: 0 });
      await takePass({ job_id, attempt, pass, options });
      if (run < options.runs) await continueAsNew<typeof proof>({ ...input, run: run + 1 });
    }
    return undefined;
  });
}
