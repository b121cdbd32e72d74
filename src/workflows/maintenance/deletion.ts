import { CancellationScope, sleep } from '@temporalio/workflow';
import type { DeletionWorkflowInput } from '../../domain/workflow-input.ts';
import { onRows, promised } from './activity-class.ts';

/** Longer than an activity takes to hear that its workflow has ended, which it does by heartbeat. */
const lateWrites = '1 minute';

/**
 * What still runs is ended, then objects go, then rows, in that order: an interruption anywhere leaves rows that say what
 * is left to remove. The rows were hidden when the deletion was asked for, so there is no way back, and cancelling this
 * workflow does nothing.
 */
export async function deletion({ deletion_id }: DeletionWorkflowInput): Promise<{ objects: number }> {
  return CancellationScope.nonCancellable(async () => {
    const { jobs, original_keys } = await onRows.readDeletionTargets(deletion_id);
    const what = { job_ids: jobs.map(({ job_id }) => job_id), original_keys };
    let atWork = false;
    for (const { workflow_id } of jobs) {
      const summary = `nothing may write any more: ${workflow_id}`;
      const was = await promised.endWorkflow.executeWithOptions({ summary }, [{ workflow_id }]);
      atWork ||= was;
    }
    let objects = await promised.removeObjects.executeWithOptions({ summary: 'objects, in S3' }, [what]);
    await onRows.removeRows.executeWithOptions({ summary: 'rows, in one transaction' }, [deletion_id]);
    if (atWork) {
      await sleep(lateWrites);
      objects += await promised.removeObjects.executeWithOptions(
        { summary: 'what was written before its activity heard of the end' },
        [what],
      );
    }
    return { objects };
  });
}
