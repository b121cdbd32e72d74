import type { CameraUpkeep } from '../activities/camera/upkeep.ts';
import { kindActivities } from './activity-classes.ts';

/** Runs of one turn; the next turn goes on. */
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
