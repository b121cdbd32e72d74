import type { WorkflowHandle } from '@temporalio/client';
import type { Interval } from './statistics.ts';

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

/** When each activity ran, in milliseconds since 1970; of one that was tried again, the last time. */
export function activityIntervals({ events }: History): Interval[] {
  const started = new Map<string, number>();
  const intervals: Interval[] = [];
  for (const event of events ?? []) {
    if (event.activityTaskStartedEventAttributes) started.set(String(event.eventId), millisecondsOf(event));
    const end =
      event.activityTaskCompletedEventAttributes ??
      event.activityTaskFailedEventAttributes ??
      event.activityTaskCanceledEventAttributes;
    const start = end && started.get(String(end.startedEventId));
    if (typeof start === 'number') intervals.push({ start, end: millisecondsOf(event) });
  }
  return intervals;
}

function millisecondsOf({ eventTime }: NonNullable<History['events']>[number]): number {
  return Number(eventTime?.seconds ?? 0) * 1000 + (eventTime?.nanos ?? 0) / 1e6;
}
