import type { AssistAnswered } from '../../database/assist/record-assist-answer.ts';
import type { ActivityLog } from '../activity-log.ts';
import type { JobReference } from '../job-reference.ts';

export interface RecordAnswerNeeds {
  /** The first answer stays; the same again changes nothing. */
  recordAnswer(answered: AssistAnswered): Promise<void>;
  log: ActivityLog;
}

/** Writes down an answer that was accepted: what, who and when, beside the machine's values. */
export function makeRecordAnswer({ recordAnswer, log }: RecordAnswerNeeds) {
  return async function recordAnswerOf(
    job: JobReference & { question: number; answer: object; by: string; at: string },
  ): Promise<void> {
    await recordAnswer({ ...job, at: new Date(job.at) });
    const { job_id, attempt, question, by, at } = job;
    log.info({ job_id, attempt, question, by, at }, 'A person answered');
  };
}
