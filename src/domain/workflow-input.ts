/**
 * What the relay hands a kind's workflow: the one argument it is started with. It becomes part of the
 * workflow's history, so a field is only ever added, never renamed or removed.
 */
export interface JobWorkflowInput<Options = Record<string, unknown>> {
  job_id: string;
  kind: string;
  /** Every write of this run names it; see `Job.attempt`. */
  attempt: number;
  session_id: string;
  user_id: string;
  /** As the user named it; for messages and summaries, never for a path. */
  file_name: string;
  /** Validated by the kind's schema, defaults filled in. */
  options: Options;
}

/** The one argument of the `deletion` workflow. */
export interface DeletionWorkflowInput {
  deletion_id: string;
}

/** The name of the workflow function that removes a job or a session with all that belongs to it. */
export const deletionWorkflowType = 'deletion';

export function deletionWorkflowId(deletionId: string): string {
  return `deletion-${deletionId}`;
}
