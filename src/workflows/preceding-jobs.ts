import {
  CancellationScope,
  executeChild,
  ParentClosePolicy,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import type { PrecededBy } from '../domain/job.ts';
import { searchAttributes } from '../domain/search-attributes.ts';
import type { JobWorkflowInput } from '../domain/workflow-input.ts';
import { guardActivities, jobActivities } from './activity-classes.ts';
import type { NextStage } from './next-stage.ts';

/**
 * Runs the jobs of other kinds that have to end before this one begins, each as a child workflow on the same session. How
 * they ended is read from their rows: those count, also where a workflow was terminated or is under way already.
 * @throws what the preceding job's kind says against this job
 */
export async function runPrecedingJobs(
  { job_id, attempt }: Pick<JobWorkflowInput, 'job_id' | 'attempt'>,
  kinds: readonly string[],
  enter: (next: NextStage) => Promise<void>,
): Promise<void> {
  const preceded: PrecededBy[] = [];
  for (const preceding_kind of kinds) {
    await enter({
      stage: preceding_kind.toUpperCase(),
      why: `a ${preceding_kind} comes first`,
      progress_pct: 0,
    });
    const preceding = await jobActivities.preparePreceding.executeWithOptions(
      { summary: `${preceding_kind} first` },
      [{ job_id, attempt, preceding_kind }],
    );
    if (preceding.input) await runToItsEnd(preceding.workflow_id, preceding.input, job_id);
    preceded.push(
      await guardActivities.judgePreceding.executeWithOptions(
        { summary: `what the ${preceding_kind} means for this job` },
        [{ job_id: preceding.job_id }],
      ),
    );
  }
  await jobActivities.recordPreceded({ job_id, attempt, preceded_by: preceded });
}

async function runToItsEnd(workflowId: string, input: JobWorkflowInput, waiting: string): Promise<void> {
  try {
    await executeChild(input.kind, {
      workflowId,
      args: [input],
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      // A reset ends this run; the next one waits for the row of a child that goes on.
      parentClosePolicy: ParentClosePolicy.ABANDON,
      memo: { attempt: input.attempt },
      staticSummary: `${input.kind} · before ${waiting}`,
      typedSearchAttributes: [
        { key: searchAttributes.kind, value: input.kind },
        { key: searchAttributes.userId, value: input.user_id },
        { key: searchAttributes.sessionId, value: input.session_id },
      ],
    });
  } catch (error) {
    if (CancellationScope.current().consideredCancelled) throw error;
    // It failed, was cancelled by itself, or runs since before this workflow was reset: its row says which, or will.
  }
}
