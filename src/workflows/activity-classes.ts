import {
  type ActivityOptions,
  proxyActivities,
  proxyLocalActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { JobActivities } from '../activities/job-activities.ts';
import type {
  TechniqueMainActivities,
  TechniqueVisionActivities,
} from '../activities/technique/technique-activities.ts';

/**
 * An outage of PostgreSQL or S3 only delays: tries go on, ten seconds apart, for a day. What trying again can't cure is
 * thrown as non-retryable by the activities (`activities/failures.ts`).
 */
const patient = {
  scheduleToCloseTimeout: '24 hours',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '10 seconds' },
} as const satisfies ActivityOptions;

/** Bookkeeping that operators needn't see one by one: one short transaction each. */
export const books = proxyLocalActivities<JobActivities>({ ...patient, startToCloseTimeout: '20 seconds' });

/** Ends and checks: a few reads and one transaction, shown in the history. */
export const records = proxyActivities<JobActivities & TechniqueMainActivities>({
  ...patient,
  startToCloseTimeout: '2 minutes',
});

/**
 * Decoding and models. A worker that died is noticed when its heartbeat stays away; a decoder that hangs, by the pool of
 * child processes, long before the limit of an activity.
 */
export function vision(): ReturnType<typeof proxyActivities<TechniqueVisionActivities>> {
  return proxyActivities<TechniqueVisionActivities>({
    ...patient,
    taskQueue: `${workflowInfo().taskQueue}-vision`,
    startToCloseTimeout: '6 hours',
    heartbeatTimeout: '15 seconds',
  });
}
