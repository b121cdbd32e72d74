import type {
  GreyFrame,
  WatchChange,
  WatchedEvent,
  Watcher,
} from '../../../../../src/kinds/camera/analysis/watch.ts';
import type { LiveEyes } from '../../../../../src/kinds/camera/child/live/watch-live.ts';

/** Brightness differs by more than this, of 255, on average: something moves. */
const moves = 0.5;
/** Seconds without a movement that end an event. */
const rest_s = 1.2;

/** A watcher that knows of nothing but differences between frames, for tests of what is around it. */
function createWatcher({ maxDuration }: { maxDuration: number }): Watcher {
  let before: GreyFrame | undefined;
  let open: WatchedEvent | null = null;
  let last_s = Number.NEGATIVE_INFINITY;
  const close = (
    reason: 'ended' | 'max_duration' | 'signal_lost' | 'stopped' | 'end_of_recording',
  ): WatchChange[] => {
    if (!open) return [];
    const event = open;
    open = null;
    return [{ change: 'closed', event, end_s: event.last_s, reason }];
  };
  const begin = (time_s: number, continues_s: number | null): WatchChange[] => {
    open = {
      start_s: time_s,
      last_s: time_s,
      motion_confidence: 1,
      motion_box: { x: 0, y: 0, width: 1, height: 1 },
      detected_objects: [],
      picture_s: time_s,
      continues_s,
      log: {},
    };
    return [{ change: 'opened', event: { ...open } }];
  };
  return {
    push(frame, time_s) {
      const none = { changes: [] as WatchChange[], wantsObjects: false, lookAt: null, sceneChange: false };
      if (time_s <= last_s) return none;
      last_s = time_s;
      const difference = before ? meanDifference(before, frame) : 0;
      before = { ...frame, data: frame.data.slice() };
      if (difference > moves) {
        if (!open) return { ...none, changes: begin(time_s, null), wantsObjects: true };
        open.last_s = time_s;
        if (time_s - open.start_s < maxDuration)
          return { ...none, changes: [{ change: 'updated', event: { ...open } }] };
        const start = open.start_s;
        return { ...none, changes: [...close('max_duration'), ...begin(time_s, start)], wantsObjects: true };
      }
      const isOver = open !== null && time_s - open.last_s >= rest_s;
      return { ...none, changes: isOver ? close('ended') : [] };
    },
    answer: () => ({ changes: [], isPicture: true }),
    end: close,
    save: () => new Uint8Array(),
    sceneChanges: 0,
    get openEvent() {
      return open;
    },
  };
}

function meanDifference(a: GreyFrame, b: GreyFrame): number {
  let sum = 0;
  for (let n = 0; n < a.data.length; n++) sum += Math.abs((a.data[n] as number) - (b.data[n] as number));
  return sum / a.data.length;
}

export const standInEyes: LiveEyes<null> = { createWatcher, objectsIn: async () => async () => [] };
