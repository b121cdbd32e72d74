import type { EntityManager } from '@mikro-orm/postgresql';
import type { AskedAgain } from '../../database/ask-again.ts';
import type { MoveJob } from '../../database/move-job.ts';
import { openAssist } from '../../database/open-assist.ts';
import { assertKept } from '../../domain/guardrail.ts';
import type { Job } from '../../domain/job.ts';
import type { ActivityLog } from '../activity-log.ts';
import type { FinishedStory } from '../guard-and-complete.ts';
import type { RecordsOf } from '../kind-records.ts';
import { promisedObjects } from '../promised-objects.ts';

export interface AskPersonNeeds {
  moveJob: MoveJob;
  /** The job waits already, and its last answer left something open. */
  askAgain(asked: AskedAgain, within: (tx: EntityManager) => Promise<void>): Promise<Job>;
  recordsOf: RecordsOf;
  hasObject(key: string): Promise<boolean>;
  log: ActivityLog;
}

export interface AskedPerson extends FinishedStory {
  written: object;
  status: string;
  stage: string;
  /** In words: the transition's reason. */
  why: string;
  within_hours: number;
  /** An answer was given and is not enough. */
  again: boolean;
}

const hourMs = 3_600_000;

/**
 * What was found so far, the question about it and the status that waits for its answer: one transaction, after the
 * objects that the rows name were seen in S3.
 * @returns until when an answer is hoped for, ISO 8601
 * @throws CriticalArtifactsMissing, StaleAttempt
 */
export function makeAskPerson({ moveJob, askAgain, recordsOf, hasObject, log }: AskPersonNeeds) {
  return async function askPerson(job: AskedPerson): Promise<{ due_at: string }> {
    const { job_id, attempt, kind, written, status, stage, why } = job;
    const records = recordsOf(kind);
    const rows = await records.openWritten?.(job_id, written as never);
    if (!rows) throw new TypeError(`Kind ${kind} has nothing that a person could be asked about.`);
    // A value may be absent, which is why a person is asked; an object that a row names may not.
    const promises = rows.promises.filter(({ objects }) => objects.length > 0);
    const objects = await promisedObjects(job_id, promises, hasObject);
    const dueAt = new Date(Date.now() + job.within_hours * hourMs);
    const write = async (tx: EntityManager) => {
      await rows.write(tx);
      assertKept(promises, await records.fieldsOf(job_id, tx), objects);
    };
    const question = { ask: rows.askOf(dueAt), due_at: dueAt };
    const asked = job.again
      ? await askAgain({ job_id, attempt, stage, why, ...question }, write)
      : await moveJob({ job_id, attempt, to: status, stage, why }, async (tx) => {
          await write(tx);
          await openAssist(tx, { job_id, attempt, ...question });
        });
    log.info({ job_id, attempt, assist_due_at: asked.assist_due_at, why }, 'A person is asked');
    return { due_at: (asked.assist_due_at ?? dueAt).toISOString() };
  };
}
