import type { Phase } from '../domain/phase.ts';
import { isUuid } from '../domain/uuid.ts';
import { command } from './command-name.ts';
import { UsageFailure } from './failures.ts';

/** A job as the API gives it. */
export interface JobView {
  id: string;
  kind: string;
  session_id: string;
  /** As whoever uploaded it named it. */
  file_name: string;
  user_id: string;
  status: string;
  phase: Phase;
  stage: string;
  progress_pct: number;
  error_message: string | null;
  /** Null unless it failed, and of jobs that failed before there was such a word; absent from an older server. */
  error_type?: string | null;
  /** 1, and one more at each retry. */
  attempt: number;
  cancel_requested_at: string | null;
  webhook: { url: string } | null;
  assist_due_at: string | null;
  created_at: string;
  updated_at: string;
  started_at: string | null;
  completed_at: string | null;
  workflow_id: string;
  options: Record<string, unknown>;
  /** Relative to the server's address. */
  links: Record<string, string>;
}

export interface ArtifactView {
  pass: string;
  name: string;
  key: string;
  media_type: string;
  bytes: number;
  sha256: string;
  /** Presigned; good for minutes. */
  url: string;
  /** Lasting, of the API. */
  href: string;
}

/** One line of the audit trail. */
export interface TransitionView {
  from: string | null;
  to: string;
  stage: string;
  why: string;
  at: string;
}

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

/** @throws UsageFailure when that is no id at all */
export function jobPath(id: string, rest = ''): string {
  if (!isUuid(id)) {
    throw new UsageFailure(`"${id}" is no id of a job. ${command('jobs')} lists them.`);
  }
  return `/api/jobs/${id}${rest}`;
}
