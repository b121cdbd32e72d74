import { makeJobActivities } from '../activities/job-activities.ts';
import type { RecordsOf } from '../activities/kind-records.ts';
import { askAgain } from '../database/ask-again.ts';
import { carryAnswerOver } from '../database/carry-answer-over.ts';
import { enterStage } from '../database/enter-stage.ts';
import { findAssist } from '../database/find-assist.ts';
import { readAnyJob } from '../database/job-row.ts';
import { markReminded } from '../database/mark-reminded.ts';
import { preparePrecedingJob } from '../database/preceding-job.ts';
import { recordAssistAnswer } from '../database/record-assist-answer.ts';
import { inTransaction } from '../database/transaction.ts';
import { type TransitionJob, transitionJob } from '../database/transition-job.ts';
import type { KindsAtWork, SharedParts } from './kind-at-work.ts';
import { precedence } from './precedence.ts';

/** What the main queue's activities are made of. */
export function mainActivities(kinds: KindsAtWork, recordsOf: RecordsOf, parts: SharedParts) {
  const { database, store, log } = parts;
  const ofKinds = Object.values(kinds).map((kind) => kind.main?.(parts));
  return {
    ...Object.assign({}, ...ofKinds),
    ...makeJobActivities({
      kinds: database.kinds,
      recordsOf,
      transitionJob: (...transition: Parameters<TransitionJob>) => transitionJob(database, ...transition),
      enterStage: (entry) => enterStage(database, entry),
      hasObject: async (key) => (await store.head(key)) !== null,
      readJob: (jobId) => readAnyJob(database.em(), jobId),
      ...precedence(kinds, parts.settings),
      preparePrecedingJob: (jobId, kind) => preparePrecedingJob(database, jobId, kind),
      carryAnswerOver: (...asked) => carryAnswerOver(database, ...asked),
      findAssist: (of) => findAssist(database, of),
      askAgain: (asked, within) => askAgain(database, asked, within),
      markReminded: (job) => markReminded(database, job),
      recordAnswer: (answered) =>
        inTransaction(database, 'the answer', async (tx) => {
          await recordAssistAnswer(tx, answered);
        }),
      log,
    }),
  };
}
