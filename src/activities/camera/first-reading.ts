import type { OwnersEvents } from '../../kinds/camera/events/event-store.ts';
import type { LiveEventChange } from '../../kinds/camera/live/live-change.ts';

const bySegment = 'segment:';

/**
 * Where nothing but its arrival says when a segment was made, the first time that it was read counts: whoever reads it
 * again finds its events under the ids that they have.
 */
export function makeFirstReading(mine: Pick<OwnersEvents, 'recordingStart'>, camera_id: string) {
  /** By the key of an open event, ms. */
  const shifts = new Map<string, number>();

  async function shiftOf({ event }: LiveEventChange): Promise<number> {
    const { key, source, time_source, started_at, media_start_s } = event;
    const known = shifts.get(key);
    if (known !== undefined) return known;
    let shift = 0;
    if (time_source === 'arrival' && source.startsWith(bySegment)) {
      const read = Date.parse(started_at) - Math.round(media_start_s * 1000);
      const first = await mine.recordingStart(camera_id, source.slice(bySegment.length), {
        at: new Date(read),
        time_source,
      });
      shift = first.at.getTime() - read;
    }
    shifts.set(key, shift);
    return shift;
  }

  /** @throws DatabaseWriteError */
  return async function sinceFirstReading(change: LiveEventChange): Promise<LiveEventChange> {
    const shift = await shiftOf(change);
    const { event } = change;
    if (change.change === 'closed') shifts.delete(event.key);
    if (shift === 0) return change;
    const moved = (time: string) => new Date(Date.parse(time) + shift).toISOString();
    const { started_at, last_seen_at } = event;
    const there = { ...event, started_at: moved(started_at), last_seen_at: moved(last_seen_at) };
    return change.change === 'closed'
      ? { ...change, event: there, ended_at: moved(change.ended_at) }
      : { ...change, event: there };
  };
}
