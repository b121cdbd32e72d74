import { makeJobActivities } from '../activities/job-activities.ts';
import type { RecordsOf } from '../activities/kind-records.ts';
import { askAgain } from '../database/assist/ask-again.ts';
import { carryAnswerOver } from '../database/assist/carry-answer-over.ts';
import { findAssist } from '../database/assist/find-assist.ts';
import { markReminded } from '../database/assist/mark-reminded.ts';
import { recordAssistAnswer } from '../database/assist/record-assist-answer.ts';
import { enterStage } from '../database/jobs/enter-stage.ts';
import { readAnyJob } from '../database/jobs/job-row.ts';
import { lastTransitionIn } from '../database/jobs/last-transition.ts';
import { preparePrecedingJob, recordPrecededBy } from '../database/jobs/preceding-job.ts';
import { type TransitionJob, transitionJob } from '../database/jobs/transition-job.ts';
import { inTransaction } from '../database/transaction.ts';
import type { KindsAtWork, SharedParts } from './kind-at-work.ts';
import { mergeActivities } from './merge-activities.ts';
import { precedence } from './precedence.ts';

/** What the main queue's activities are made of. */
export function mainActivities(kinds: KindsAtWork, recordsOf: RecordsOf, parts: SharedParts) {
  const { database, store, log } = parts;
  const shared = makeJobActivities({
    kinds: database.kinds,
    recordsOf,
    transitionJob: (...transition: Parameters<TransitionJob>) => transitionJob(database, ...transition),
    enterStage: (entry) => enterStage(database, entry),
    hasObject: async (key) => (await store.head(key)) !== null,
    lastTransitionOf: (jobId) => lastTransitionIn(database.em(), jobId),
    readJob: (jobId) => readAnyJob(database.em(), jobId),
    ...precedence(kinds, parts.settings),
    preparePrecedingJob: (waits, kind) => preparePrecedingJob(database, waits, kind),
    recordPrecededBy: (waits, preceded) => recordPrecededBy(database, waits, preceded),
    carryAnswerOver: (...asked) => carryAnswerOver(database, ...asked),
    findAssist: (of) => findAssist(database, of),
    askAgain: (asked, within) => askAgain(database, asked, within),
    markReminded: (job) => markReminded(database, job),
    recordAnswer: (answered) =>
      inTransaction(database, 'the answer', async (tx) => {
        await recordAssistAnswer(tx, answered);
      }),
    log,
  });
  return {
    ...mergeActivities([shared, ...Object.values(kinds).map((kind) => kind.main?.(parts))]),
    ...shared,
  };
}
