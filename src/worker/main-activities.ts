import { makeJobActivities } from '../activities/job-activities.ts';
import type { KindRecords } from '../activities/kind-records.ts';
import { askAgain } from '../database/ask-again.ts';
import { carryAnswerOver } from '../database/carry-answer-over.ts';
import { enterStage } from '../database/enter-stage.ts';
import { findAssist } from '../database/find-assist.ts';
import { readAnyJob } from '../database/job-row.ts';
import { markReminded } from '../database/mark-reminded.ts';
import { type MoveJob, moveJob } from '../database/move-job.ts';
import { recordAssistAnswer } from '../database/record-assist-answer.ts';
import { inTransaction } from '../database/transaction.ts';
import { kindsAtWork } from './kinds/index.ts';
import type { SharedParts } from './kinds/kind-at-work.ts';

/** What the main queue's activities are made of. */
export function mainActivities(parts: SharedParts) {
  const { database, store, log } = parts;
  const records = new Map<string, KindRecords>();
  for (const [kind, atWork] of Object.entries(kindsAtWork)) records.set(kind, atWork.records(parts));
  const ofKinds = Object.values(kindsAtWork).map((kind) => kind.main?.(parts));
  return {
    ...Object.assign({}, ...ofKinds),
    ...makeJobActivities({
      moveJob: (...move: Parameters<MoveJob>) => moveJob(database, ...move),
      enterStage: (entry) => enterStage(database, entry),
      recordsOf(kind) {
        const found = records.get(kind);
        if (!found) throw new RangeError(`This worker knows no kind "${kind}".`);
        return found;
      },
      hasObject: async (key) => (await store.head(key)) !== null,
      readJob: (jobId) => readAnyJob(database.em(), jobId),
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
