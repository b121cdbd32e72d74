import { createWatcher } from '../../../src/kinds/camera/analysis/create-watcher.ts';
import { type Interval, type Score, scoreEvents } from '../../../src/kinds/camera/analysis/score-events.ts';
import type {
  GreyFrame,
  WatchChange,
  WatchedEvent,
  WatchSettings,
} from '../../../src/kinds/camera/analysis/watch.ts';
import type { DetectedObject } from '../../../src/kinds/camera/events/event.ts';
import type { Condition, Shot } from './conditions.ts';

/** What a scene looks like, and what the object model sees in it. */
export interface Eyes {
  grey(shot: Shot, n: number): Promise<GreyFrame> | GreyFrame;
  objects(
    shot: Shot,
    n: number,
    step: { lookAt: DetectedObject['box'] | null },
  ): Promise<DetectedObject[]> | DetectedObject[];
}

export interface Watched {
  events: (Interval & { event: WatchedEvent; reason: string })[];
  sceneChanges: number;
  looks: number;
}

export async function watchShots(
  shots: readonly Shot[],
  eyes: Eyes,
  settings: Partial<WatchSettings> = {},
): Promise<Watched> {
  const watcher = createWatcher({ motionMasks: [], maxDuration: 600, ...settings });
  const events: Watched['events'] = [];
  let looks = 0;
  const take = (changes: readonly WatchChange[]) => {
    for (const change of changes) {
      if (change.change !== 'closed') continue;
      const { event, end_s, reason } = change;
      events.push({ start_s: event.start_s, end_s, event, reason });
    }
  };
  for (const [n, shot] of shots.entries()) {
    const step = watcher.push(await eyes.grey(shot, n), shot.time_s);
    take(step.changes);
    if (!step.wantsObjects) continue;
    looks++;
    take(watcher.answer(await eyes.objects(shot, n, step)).changes);
  }
  take(watcher.end('end_of_recording'));
  return { events, sceneChanges: watcher.sceneChanges, looks };
}

export interface Judged extends Score {
  name: string;
  passages: number;
  found: Interval[];
  looks: number;
  sceneChanges: number;
  /** Greatest distance of a start or an end from that of the clip as it is; null where it is not compared. */
  moved_s: number | null;
}

/** @param undisturbed what is found in the clip as it is */
export function judge(
  { name, truth, likeUndisturbed }: Pick<Condition, 'name' | 'truth' | 'likeUndisturbed'>,
  { events, looks, sceneChanges }: Watched,
  undisturbed: readonly Interval[],
): Judged {
  const found = events.map(({ start_s, end_s }) => ({ start_s, end_s }));
  const moved_s = likeUndisturbed
    ? Math.max(
        ...found.flatMap(({ start_s, end_s }, n) => {
          const same = undisturbed[n];
          return same && found.length === undisturbed.length
            ? [Math.abs(start_s - same.start_s), Math.abs(end_s - same.end_s)]
            : [Number.POSITIVE_INFINITY];
        }),
      )
    : null;
  return { name, passages: truth.length, ...scoreEvents(found, truth), found, looks, sceneChanges, moved_s };
}

/** What is promised of every scene: what is wrong with one, in words; null where it holds. */
export function brokenPromise({ passages, f1, border_error_s, moved_s }: Judged): string | null {
  if (passages === 0 && f1 < 1) return 'something was found where nothing is';
  if (f1 < 0.9) return `F1 is ${f1.toFixed(2)}`;
  if (border_error_s !== null && border_error_s > 0.7)
    return `borders are off by ${border_error_s.toFixed(2)} s`;
  // The clip has a tenth of a second between frames.
  if (moved_s !== null && moved_s > 0.2 + 1e-6) return `a border moved by ${moved_s.toFixed(2)} s`;
  return null;
}
