import type { StageEntry } from '../database/jobs/enter-stage.ts';
import type { Job } from '../domain/job.ts';
import { type AskPersonNeeds, makeAskPerson } from './assist/ask-person.ts';
import { makeRecordAnswer, type RecordAnswerNeeds } from './assist/record-answer.ts';
import { makeRemindOfAnswer, type RemindNeeds } from './assist/remind-of-answer.ts';
import { type BeginJobNeeds, makeBeginJob } from './begin-job.ts';
import { makeCancelJob } from './cancel-job.ts';
import { makeEnterStage } from './enter-stage.ts';
import { makeFailJob } from './fail-job.ts';
import { type GuardNeeds, makeGuardAndComplete } from './guard-and-complete.ts';
import {
  type JudgePrecedingNeeds,
  makeJudgePreceding,
  makeRecordPreceded,
  type RecordPrecededNeeds,
} from './preceding/judge-preceding.ts';
import { makePreparePreceding, type PreparePrecedingNeeds } from './preceding/prepare-preceding.ts';
import { whileHeartbeating } from './while-heartbeating.ts';

export type JobActivitiesNeeds = BeginJobNeeds &
  GuardNeeds &
  AskPersonNeeds &
  RecordAnswerNeeds &
  RemindNeeds &
  PreparePrecedingNeeds &
  JudgePrecedingNeeds &
  RecordPrecededNeeds & { enterStage(entry: StageEntry): Promise<Job> };

/** What every kind's job is begun, moved and ended with. */
export function makeJobActivities(needs: JobActivitiesNeeds) {
  return {
    beginJob: makeBeginJob(needs),
    enterJobStage: makeEnterStage(needs),
    guardAndComplete: heartbeating(makeGuardAndComplete(needs)),
    failJob: makeFailJob(needs),
    cancelJob: makeCancelJob(needs),
    askPerson: heartbeating(makeAskPerson(needs)),
    remindOfAnswer: makeRemindOfAnswer(needs),
    recordAnswer: makeRecordAnswer(needs),
    preparePreceding: makePreparePreceding(needs),
    judgePreceding: makeJudgePreceding(needs),
    recordPreceded: makeRecordPreceded(needs),
  };
}

/** A worker that died between reading what was promised and writing it down is noticed in seconds. */
function heartbeating<Job, Result>(act: (job: Job) => Promise<Result>): (job: Job) => Promise<Result> {
  return (job) => whileHeartbeating(() => act(job));
}

export type JobActivities = ReturnType<typeof makeJobActivities>;
