import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';

export interface MaintenanceSettings {
  /** The queue whose workers do it; the schedules' ids begin with it. */
  taskQueue: string;
  reconcileSeconds: number;
  /** Days by kind; a kind that is absent is kept for ever. */
  retentionDays: Readonly<Record<string, number>>;
  orphanGraceHours: number;
  /** The kinds' own. */
  more: readonly ScheduleSpec[];
}

/** A workflow that runs again and again; its id is the queue's name and its type. */
export interface ScheduleSpec {
  workflowType: string;
  every: string;
  args: unknown[];
  /** A turn that hangs must not hold up the next for longer. */
  workflowRunTimeout: string;
  staticSummary: string;
}

/** A row is dispatched after its workflow was started, so any age will do; this much lets a busy start settle. */
const idleSeconds = 5;

function schedulesOf({
  reconcileSeconds,
  retentionDays,
  orphanGraceHours,
  more,
}: MaintenanceSettings): ScheduleSpec[] {
  return [
    ...more,
    {
      workflowType: 'reconcile',
      every: `${reconcileSeconds} seconds`,
      args: [{ idle_seconds: Math.min(idleSeconds, reconcileSeconds) }],
      workflowRunTimeout: '5 minutes',
      staticSummary: 'rows of jobs whose workflow was ended from outside',
    },
    {
      workflowType: 'retention',
      every: '1 hour',
      args: [{ days: retentionDays }],
      workflowRunTimeout: '6 hours',
      staticSummary: 'deletes what is older than its kind is kept',
    },
    {
      workflowType: 'sweep',
      every: '1 hour',
      args: [{ grace_hours: orphanGraceHours }],
      workflowRunTimeout: '6 hours',
      staticSummary: 'removes objects that no row claims',
    },
  ];
}

/**
 * Makes the schedules, or brings those that are there up to the configuration. Any number of workers may do so at once;
 * a schedule that an operator paused stays paused.
 */
export async function registerSchedules(client: Client, settings: MaintenanceSettings): Promise<void> {
  await Promise.all(schedulesOf(settings).map((spec) => register(client, settings.taskQueue, spec)));
}

export function scheduleId(taskQueue: string, workflowType: string): string {
  return `${taskQueue}-${workflowType}`;
}

async function register(client: Client, taskQueue: string, spec: ScheduleSpec): Promise<void> {
  const { every, ...action } = spec;
  const id = scheduleId(taskQueue, spec.workflowType);
  const schedule = {
    spec: { intervals: [{ every: every as '1 hour' }] },
    action: {
      ...action,
      type: 'startWorkflow' as const,
      workflowId: id,
      taskQueue,
      workflowRunTimeout: spec.workflowRunTimeout as '1 hour',
    },
    // Turns missed while Temporal was away are made up for by the next one.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '10 seconds' as const },
  };
  try {
    await client.schedule.create({ ...schedule, scheduleId: id });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(id).update(({ state }) => ({ ...schedule, state }));
  }
}
