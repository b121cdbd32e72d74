import { CancellationScope } from '@temporalio/workflow';
import type { DeletionWorkflowInput } from '../../domain/workflow-input.ts';
import { promised } from './activity-class.ts';

/**
 * What still runs is ended, then objects go, then rows, in that order: an interruption anywhere leaves rows that say what
 * is left to remove. The rows were hidden when the deletion was asked for, so there is no way back, and cancelling this
 * workflow does nothing.
 */
export async function deletion({ deletion_id }: DeletionWorkflowInput): Promise<{ objects: number }> {
  return CancellationScope.nonCancellable(async () => {
    const { jobs, original_keys } = await promised.findDeletionTargets(deletion_id);
    for (const { workflow_id } of jobs) {
      await promised.endWorkflow.executeWithOptions(
        { summary: `nothing may write any more: ${workflow_id}` },
        [{ workflow_id }],
      );
    }
    const objects = await promised.removeObjects.executeWithOptions({ summary: 'objects in S3' }, [
      { jobs, original_keys },
    ]);
    await promised.removeRows.executeWithOptions({ summary: 'rows, in one transaction' }, [
      { deletion_id, objects },
    ]);
    return { objects };
  });
}
