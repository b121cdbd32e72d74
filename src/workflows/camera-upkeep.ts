import { continueAsNew } from '@temporalio/workflow';
import type { CameraUpkeep } from '../activities/camera/upkeep.ts';
import type { EventPlace } from '../kinds/camera/events/event-store.ts';
import { kindActivities } from './activity-classes.ts';

/** Runs of an activity in one turn, or in one history. */
const mostRuns = 100;

/** On a schedule: closes what ended jobs left open, and removes events that are older than they are kept. */
export async function cameraUpkeep({ days }: { days: number }): Promise<{ closed: number; removed: number }> {
  const { closeAbandonedEvents, removeExpiredEvents } = kindActivities<CameraUpkeep>();
  const closed = await closeAbandonedEvents.executeWithOptions(
    { summary: 'events of jobs that have ended' },
    [],
  );
  let removed = 0;
  for (let run = 0; run < mostRuns; run++) {
    const gone = await removeExpiredEvents.executeWithOptions({ summary: 'events past their retention' }, [
      { days },
    ]);
    if (gone === 0) break;
    removed += gone;
  }
  return { closed, removed };
}

/** On a schedule: finds events whose objects are gone, and takes the keys out of them. */
export async function cameraObjects({
  after = null,
  forgotten = 0,
}: {
  after?: EventPlace | null;
  forgotten?: number;
} = {}): Promise<{ forgotten: number }> {
  const { forgetMissingObjects } = kindActivities<CameraUpkeep>();
  let sum = forgotten;
  let next = after;
  for (let run = 0; run < mostRuns; run++) {
    const found = await forgetMissingObjects.executeWithOptions(
      { summary: 'are the objects of events there?' },
      [{ after: next }],
    );
    sum += found.forgotten;
    next = found.after;
    if (next === null) return { forgotten: sum };
  }
  return continueAsNew<typeof cameraObjects>({ after: next, forgotten: sum });
}
