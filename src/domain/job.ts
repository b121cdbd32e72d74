import type { Phase } from './phase.ts';

/** One upload, or one live source, and what belongs to it. */
export interface Session {
  id: string;
  user_id: string;
  /** Null, as its type and its size are, where the source is live: nothing was uploaded. */
  original_key: string | null;
  /** As the user named the file; where the source is live, what its kind calls it (`KindDefinition.liveName`). */
  file_name: string;
  media_type: string | null;
  bytes: number | null;
  /** Null until someone has read the whole file: a resumed upload is hashed by the first pass. */
  sha256: string | null;
  /** The phase of its newest job. */
  status: Phase;
  created_at: Date;
  updated_at: Date;
}

/** What a result says of a job of another kind that ended before its own began. */
export interface PrecededBy {
  kind: string;
  job_id: string;
  note?: string;
}

/** One analysis of one session: one row, one workflow. */
export interface Job {
  job_id: string;
  session_id: string;
  user_id: string;
  kind: string;
  /** Null where the source is live. */
  original_key: string | null;
  /** The name of the session's file, as the user named it. */
  file_name: string;
  options: Record<string, unknown>;
  status: string;
  phase: Phase;
  stage: string;
  progress_pct: number;
  result: Record<string, unknown> | null;
  error_message: string | null;
  /** Of a failed job, the word of `errors.ts` or `failures.ts`; null in rows older than this column. */
  error_type: string | null;
  workflow_id: string;
  /**
   * 1, and one more at each retry. Every write of a workflow names the attempt it belongs to, so that a late
   * activity of an earlier one cannot touch the job.
   */
  attempt: number;
  /** When the relay started the attempt's workflow; null makes the row an outbox entry. */
  dispatched_at: Date | null;
  cancel_requested_at: Date | null;
  /** Who is told of its waits and its end. The secret it is signed with stays in the database. */
  webhook: { url: string } | null;
  /** Until when a person's answer is hoped for; null unless it waits for one. */
  assist_due_at: Date | null;
  /** What came before this attempt; null until all of it was judged, or where nothing is to come before. */
  preceded_by: PrecededBy[] | null;
  created_at: Date;
  updated_at: Date;
  started_at: Date | null;
  completed_at: Date | null;
}

/** Where a job is; its own attempt, or a later one's. */
export type JobPlace = Pick<Job, 'attempt' | 'status' | 'stage'>;

/** One line of the audit trail. */
export interface Transition {
  job_id: string;
  from: string | null;
  to: string;
  stage: string;
  why: string;
  at: Date;
}

/** The stage of a job that no worker has taken yet. */
export const queuedStage = 'QUEUED';

export function workflowIdOf(kind: string, jobId: string): string {
  return `${kind}-${jobId}`;
}
