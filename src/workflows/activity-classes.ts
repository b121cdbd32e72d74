import {
  type ActivityOptions,
  proxyActivities,
  proxyLocalActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { JobActivities } from '../activities/job-activities.ts';
import { locallyFirst } from './locally-first.ts';

/**
 * An outage of PostgreSQL or S3 only delays: so many tries, ten seconds apart, are a day at least. It is tries that are
 * bounded, not time: time spent in a queue behind other jobs, or while no worker runs, is nobody's failure. What trying
 * again can't cure is thrown as non-retryable by the activities (`activities/failures.ts`).
 */
const patient = {
  retry: {
    initialInterval: '500 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '10 seconds',
    maximumAttempts: 8640,
  },
} as const satisfies ActivityOptions;

const light = { ...patient, startToCloseTimeout: '2 minutes' } as const satisfies ActivityOptions;

/** Ends and checks: a few reads and one transaction, shown in the history. */
export const records = proxyActivities<Omit<JobActivities, 'guardAndComplete' | 'askPerson'>>(light);

/** The steps that make promises: read back from database and S3 first, hence longer, and with a heartbeat. */
export const promises = proxyActivities<Pick<JobActivities, 'guardAndComplete' | 'askPerson'>>({
  ...light,
  heartbeatTimeout: '15 seconds',
});

/** The same as `records` for what a kind writes itself. */
export function ownRecords<Activities extends object>(): ReturnType<typeof proxyActivities<Activities>> {
  return proxyActivities<Activities>(light);
}

/** A few tries while the workflow's task waits, well within its ten seconds. */
const quick = proxyLocalActivities<JobActivities>({
  scheduleToCloseTimeout: '5 seconds',
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumAttempts: 3 },
});

/** Bookkeeping that operators needn't see one by one: one short transaction each. */
export const books = {
  beginJob: locallyFirst(quick.beginJob, records.beginJob),
  enterJobStage: locallyFirst(quick.enterJobStage, records.enterJobStage),
  /** Of a local activity the history keeps the outcome only; the answer is in it already, with the update. */
  recordAnswer: locallyFirst(quick.recordAnswer, records.recordAnswer),
};

type Priority = NonNullable<ActivityOptions['priority']>;

/** Of an answer in seconds that somebody waits for, be it behind an hour of another's video. */
export const somebodyWaits = { priorityKey: 1 } as const satisfies Priority;
/** Of what a job needs once at its beginning or its end: the segments of others come after. */
export const beforeSegments = { priorityKey: 2 } as const satisfies Priority;

/**
 * Decoding and models. A worker that died is noticed when its heartbeat stays away; a decoder that hangs, by the pool of
 * child processes, long before the limit of an activity.
 * @param priority before others that wait; Temporal servers that know none pass it over
 */
export function vision<Activities extends object>(
  priority: Priority = {},
): ReturnType<typeof proxyActivities<Activities>> {
  return proxyActivities<Activities>({
    ...patient,
    priority,
    taskQueue: `${workflowInfo().taskQueue}-vision`,
    startToCloseTimeout: '6 hours',
    heartbeatTimeout: '15 seconds',
  });
}
