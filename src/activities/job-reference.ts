/** Which run of which job an activity works for; every write names both. */
export interface JobReference {
  job_id: string;
  attempt: number;
}

export interface JobOfSession extends JobReference {
  session_id: string;
  /** As the user named it, for messages. */
  file_name: string;
}

/** A pass's share of `progress_pct`. */
export interface ProgressShare {
  from_pct: number;
  to_pct: number;
}
