import { copyFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ActivityLog } from '../../../../../src/activities/activity-log.ts';
import type { LiveResult } from '../../../../../src/kinds/camera/child/live/live-task.ts';
import type { LiveChange, LiveEventChange } from '../../../../../src/kinds/camera/live/live-change.ts';
import type { LiveLeases } from '../../../../../src/kinds/camera/live/live-lease.ts';
import {
  type LiveEnd,
  type LiveWatch,
  type WatchLiveNeeds,
  watchLive,
} from '../../../../../src/kinds/camera/live/watch-live.ts';
import { type ChildPool, openChildPool } from '../../../../../src/media/child-pool.ts';

export type Opened = Extract<LiveEventChange, { change: 'opened' | 'updated' }> & { change: 'opened' };
export type Closed = Extract<LiveChange, { change: 'closed' }>;
export type State = Extract<LiveChange, { change: 'state' }>;

// biome-ignore lint/suspicious/noExplicitAny: of the tests' one task.
export function openLivePool(): ChildPool<any> {
  return openChildPool({ modules: [{ module: new URL('stand-in-tasks.ts', import.meta.url) }], size: 1 });
}

/** Leases of which there are always enough. */
export const freeLeases: LiveLeases = {
  take: async () => ({ renew: async () => true, release: async () => {}, lasts_ms: 15_000 }),
};

export interface RunningWatch {
  changes: LiveChange[];
  /** Seconds of the pauses between connections. They take no time, once they may pass. */
  pauses: number[];
  /** Lets so many more pauses pass; the next one holds the watch. */
  letPass(pauses: number): void;
  /** When it is held. */
  held(): Promise<void>;
  /** What was logged, as one text. */
  logged(): string;
  /** The first change, now or later, that is wanted. @throws when the watch ends before */
  until<C extends LiveChange = LiveChange>(wanted: (change: LiveChange) => boolean): Promise<C>;
  opened(): Opened[];
  closed(): Closed[];
  stop(): Promise<LiveEnd>;
  ended: Promise<LiveEnd>;
}

/**
 * Watches a source, with a watcher that knows nothing but movement.
 * @param folder where clips are copied to, by the name of their event
 */
export function startWatch(
  pool: ChildPool<never>,
  {
    url,
    folder,
    watch,
    needs,
    begin = async () => {},
    passes = 0,
    take = async () => {},
  }: {
    url: string;
    folder: string;
    watch?: Partial<LiveWatch>;
    needs?: Partial<WatchLiveNeeds<null>>;
    begin?: () => Promise<void>;
    /** Called with each change first. */
    take?: (change: LiveChange) => Promise<void>;
    /** Pauses between connections that pass without `letPass`. */
    passes?: number;
  },
): RunningWatch {
  const stopping = new AbortController();
  const changes: LiveChange[] = [];
  const pauses: number[] = [];
  const lines: string[] = [];
  let left = passes;
  const listeners = new Set<() => void>();
  const log = Object.fromEntries(
    ['info', 'warn', 'error'].map((level) => [
      level,
      (fields: object, message: string) => lines.push(`${message} ${inspect(fields)}`),
    ]),
  ) as unknown as ActivityLog;
  /** The first truthy answer, now or after something has happened. */
  const first = <T>(look: () => T | undefined | false) => {
    const found = new Promise<T>((resolve) => {
      const again = () => {
        const one = look();
        if (!one) return;
        listeners.delete(again);
        resolve(one);
      };
      listeners.add(again);
      again();
    });
    const over = ended.then((end) => {
      throw new Error(`The watch ended before (${JSON.stringify(end)}): ${JSON.stringify(changes)}`);
    });
    return Promise.race([found, over]);
  };
  const ended = watchLive<null>(
    {
      read: (task, options) => pool.run(task as never, options as never) as Promise<LiveResult>,
      secrets: { fill: async (text) => text },
      leases: freeLeases,
      detector: null,
      allowPrivate: true,
      limits: { pixels: 1920 * 1088 },
      scratch: `${folder}/scratch`,
      log,
      patience_s: 5,
      async pause(seconds, signal) {
        pauses.push(seconds);
        for (const listener of listeners) listener();
        while (left <= 0 && !signal.aborted) await sleep(20);
        left--;
      },
      ...needs,
    },
    {
      owner: 'coach-7',
      job_id: 'a0000000-0000-4000-8000-000000000000',
      camera_id: 'yard',
      url,
      settings: { motionMasks: [], maxDuration: 600 },
      hidden: [],
      position: null,
      ...watch,
    },
    {
      signal: stopping.signal,
      begin,
      async on(change) {
        await take(change);
        if (change.change === 'closed') {
          const name = change.event.key.replace('/', '-');
          if (change.clip) await copyFile(change.clip.path, `${folder}/${name}.mp4`);
          if (change.picture) await copyFile(change.picture, `${folder}/${name}.jpg`);
        }
        changes.push(change);
        for (const listener of listeners) listener();
      },
    },
  );
  ended.catch(() => {});
  return {
    changes,
    pauses,
    logged: () => lines.join('\n'),
    letPass(pauses) {
      left += pauses;
    },
    held: async () => {
      await first(() => pauses.length > passes && left <= 0);
    },
    until: <C>(wanted: (change: LiveChange) => boolean) => first(() => changes.find(wanted) as C | undefined),
    opened: () => changes.filter((one): one is Opened => one.change === 'opened'),
    closed: () => changes.filter((one): one is Closed => one.change === 'closed'),
    stop() {
      stopping.abort();
      return ended;
    },
    ended,
  };
}

function inspect(fields: object): string {
  return JSON.stringify(fields, (_key, value) =>
    value instanceof Error ? `${value.stack} ${value.cause}` : value,
  );
}

/** The copies that `startWatch` made. */
export function filesOf(folder: string, { event }: LiveEventChange): { clip: string; picture: string } {
  const name = event.key.replace('/', '-');
  return { clip: `${folder}/${name}.mp4`, picture: `${folder}/${name}.jpg` };
}
