import type { ActivityLog } from '../activity-log.ts';
import type { JobReference } from '../job-reference.ts';

export interface RemindNeeds {
  /** Once for each question; false when that was done before, or nobody waits any more. */
  markReminded(job: JobReference): Promise<boolean>;
  log: ActivityLog;
}

/** Says once, to the job's webhook and in the log, that an answer is overdue. */
export function makeRemindOfAnswer({ markReminded, log }: RemindNeeds) {
  return async function remindOfAnswer(job: JobReference & { due_at: string }): Promise<void> {
    const { job_id, attempt, due_at } = job;
    if (!(await markReminded({ job_id, attempt }))) return;
    log.warn({ job_id, attempt, due_at }, 'A person’s answer is overdue; the job goes on waiting');
  };
}
