import {
  ActivityCancellationType,
  type ActivityOptions,
  proxyActivities,
  proxyLocalActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { JobActivities } from '../activities/job-activities.ts';
import { computeQueue, liveQueue } from '../domain/task-queues.ts';
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

/** Activities that read back from database and S3, or wait for another job. */
type Guarding = 'guardAndComplete' | 'askPerson' | 'judgePreceding';

/** How a job ends, and reminders: a few reads and one transaction each, shown in the history. */
export const jobActivities = proxyActivities<Omit<JobActivities, Guarding>>(light);

/** What a job's success hangs on; these take longer, and heartbeat. */
export const guardActivities = proxyActivities<Pick<JobActivities, Guarding>>({
  ...light,
  heartbeatTimeout: '15 seconds',
});

/** A kind's own light activities, on the main queue: as `jobActivities` for what a kind writes itself. */
export function kindActivities<Activities extends object>(): ReturnType<typeof proxyActivities<Activities>> {
  return proxyActivities<Activities>(light);
}

/** A kind's activities that wait for models at endpoints, which may take minutes for one answer. On the main queue. */
export function endpointActivities<Activities extends object>(): ReturnType<
  typeof proxyActivities<Activities>
> {
  return proxyActivities<Activities>({
    ...patient,
    startToCloseTimeout: '1 hour',
    heartbeatTimeout: '15 seconds',
  });
}

/** A few tries while the workflow's task waits, well within its ten seconds. */
const local = proxyLocalActivities<JobActivities>({
  scheduleToCloseTimeout: '5 seconds',
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumAttempts: 3 },
});

/** Bookkeeping that operators need not see one by one: one short transaction each. */
export const bookkeepingActivities = {
  beginJob: locallyFirst(local.beginJob, jobActivities.beginJob),
  enterJobStage: locallyFirst(local.enterJobStage, jobActivities.enterJobStage),
  /** A local activity leaves only its outcome in the history; the answer is there already, with the update. */
  recordAnswer: locallyFirst(local.recordAnswer, jobActivities.recordAnswer),
};

type Priority = NonNullable<ActivityOptions['priority']>;

/** For activities that a user is waiting for: they run before the segments of other jobs. */
export const interactivePriority = { priorityKey: 1 } as const satisfies Priority;
/** For what a job needs once at its beginning or its end: it runs before the segments of other jobs. */
export const setupPriority = { priorityKey: 2 } as const satisfies Priority;

/**
 * Activities that take a core or much memory: decoding, models, archives, volumes. A worker that died is noticed when its
 * heartbeat stays away; a child process that hangs is noticed by its pool, long before the limit of an activity.
 * @param priority before others that wait; Temporal servers without priorities ignore it
 */
export function computeActivities<Activities extends object>(
  priority: Priority = {},
): ReturnType<typeof proxyActivities<Activities>> {
  return proxyActivities<Activities>({
    ...patient,
    priority,
    taskQueue: computeQueue(workflowInfo().taskQueue),
    startToCloseTimeout: '6 hours',
    heartbeatTimeout: '15 seconds',
  });
}

/**
 * Activities that last as long as their live source does. Their queue has slots of its own, so that they keep no
 * recording waiting, and no recording keeps them waiting. A cancelled job waits until they have written their last.
 */
export function liveActivities<Activities extends object>(): ReturnType<typeof proxyActivities<Activities>> {
  return proxyActivities<Activities>({
    ...patient,
    taskQueue: liveQueue(workflowInfo().taskQueue),
    startToCloseTimeout: '24 hours',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    heartbeatTimeout: '15 seconds',
  });
}
