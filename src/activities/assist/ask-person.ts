import type { EntityManager } from '@mikro-orm/postgresql';
import type { AskedAgain } from '../../database/assist/ask-again.ts';
import { type AnswerGiven, type AssistRequest, answersTo } from '../../database/assist/find-assist.ts';
import { openAssist } from '../../database/assist/open-assist.ts';
import type { TransitionJob } from '../../database/jobs/transition-job.ts';
import type { AcceptedAnswer } from '../../domain/assist.ts';
import { assertKept } from '../../domain/guardrail.ts';
import type { Job } from '../../domain/job.ts';
import type { ActivityLog } from '../activity-log.ts';
import type { FinishedStory } from '../guard-and-complete.ts';
import type { JobReference } from '../job-reference.ts';
import type { RecordsOf } from '../kind-records.ts';
import { promisedObjects } from '../promised-objects.ts';

export interface AskPersonNeeds {
  transitionJob: TransitionJob;
  /** @throws NotFound */
  readJob(jobId: string): Promise<Job>;
  /** What this attempt asked last. */
  findAssist(job: JobReference): Promise<AssistRequest | null>;
  /** Null when no earlier attempt has an answer that counts for this one. */
  carryAnswerOver(
    asked: AskedAgain,
    fits: (answer: object) => boolean,
    within: (tx: EntityManager) => Promise<void>,
  ): Promise<{ job: Job; answered: AnswerGiven } | null>;
  /** The job waits already. */
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
  /** Which of the attempt: 1, and one more each time an answer was not enough. */
  question: number;
}

/** Where the job is now, and until when (ISO 8601) an answer is hoped for; or whose is there already. */
export type Asked = Pick<Job, 'status' | 'stage'> &
  ({ answered: AcceptedAnswer } | { answered: null; due_at: string });

const hourMs = 3_600_000;

/**
 * What was found so far, the question about it and the status that waits for its answer: one transaction, after the
 * objects that the rows name were seen in S3. What was answered is not asked again.
 * @throws CriticalArtifactsMissing, StaleAttempt, NotFound
 */
export function makeAskPerson(needs: AskPersonNeeds) {
  const { transitionJob, readJob, findAssist, carryAnswerOver, askAgain, recordsOf, hasObject, log } = needs;
  return async function askPerson(job: AskedPerson): Promise<Asked> {
    const { job_id, attempt, kind, written, status, stage, why, question } = job;
    const before = await findAssist({ job_id, attempt });
    const given = before && answersTo(before)[question - 1];
    if (given) return settled(await readJob(job_id), given);
    const records = recordsOf(kind);
    const rows = await records.openWritten?.(job_id, written as never);
    if (!rows?.question) throw new TypeError(`Kind ${kind} has nothing that a person could be asked about.`);
    // A value may be absent, which is why a person is asked; an object that a row names may not.
    const promises = rows.promises.filter(({ objects }) => objects.length > 0);
    const objects = await promisedObjects(job_id, promises, hasObject);
    const write = async (tx: EntityManager) => {
      await rows.write(tx);
      assertKept(promises, await records.fieldsOf(job_id, tx), objects);
    };
    const due_at = new Date(Date.now() + job.within_hours * hourMs);
    const { askOf, isAnswer } = rows.question;
    const again = { job_id, attempt, question, stage, why, askOf, due_at };
    const carried = await carryAnswerOver(again, isAnswer, write);
    if (carried) return settled(carried.job, carried.answered);
    let opened = false;
    let asked = await transitionJob({ job_id, attempt, to: status, stage, why }, async (tx) => {
      await write(tx);
      await openAssist(tx, { job_id, attempt, ask: askOf(due_at), due_at });
      opened = true;
    });
    if (!opened) asked = await askAgain(again, write);
    const { status: now, stage: at, assist_due_at } = asked;
    log.info({ job_id, attempt, question, assist_due_at, why }, 'A person is asked');
    return { status: now, stage: at, answered: null, due_at: (assist_due_at ?? due_at).toISOString() };
  };

  function settled({ job_id, attempt, status, stage }: Job, { by, at }: AnswerGiven): Asked {
    log.info({ job_id, attempt, by, at }, 'A person has answered that already');
    return { status, stage, answered: { by, at: at.toISOString() } };
  }
}
