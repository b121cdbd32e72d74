import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ActivityLog } from '../../../activities/activity-log.ts';
import { ChildLost } from '../../../domain/child-lost.ts';
import { SecretMissing } from '../../../domain/errors.ts';
import type { VideoLimits } from '../../../media/video/video-index.ts';
import type { Secrets } from '../../../worker/open-secrets.ts';
import type { WatchSettings } from '../analysis/watch.ts';
import type { LiveProgress, LiveResult, LiveTask } from '../child/live/live-task.ts';
import type { Polygon } from '../events/camera.ts';
import { readLiveAddress, refusePrivateAddress } from './address.ts';
import { Backoff } from './backoff.ts';
import { ChangeQueue } from './change-queue.ts';
import { type HeldLease, holdLease } from './hold-lease.ts';
import type { LiveChange, LiveEventChange, LivePosition } from './live-change.ts';
import type { LiveLeases, LiveWait } from './live-lease.ts';

/** Has a child process read one connection. */
export type ReadConnection<Detector> = (
  task: LiveTask<Detector>,
  options: { signal: AbortSignal; onProgress: (progress: LiveProgress) => void },
) => Promise<LiveResult>;

export interface WatchLiveNeeds<Detector> {
  read: ReadConnection<Detector>;
  secrets: Pick<Secrets, 'fill'>;
  leases: LiveLeases;
  detector: Detector;
  allowPrivate: boolean;
  limits: Pick<VideoLimits, 'pixels'>;
  /** A folder of this worker alone. */
  scratch: string;
  log: ActivityLog;
  /** Waits between two connections; that of timers unless told. */
  pause?: (seconds: number, signal: AbortSignal) => Promise<void>;
  /** Seconds without anything new after which a connection is given up; 15 unless told. */
  patience_s?: number;
}

export interface LiveWatch {
  owner: string;
  job_id: string;
  camera_id: string;
  /** As the job's options have it, secrets named. */
  url: string;
  settings: WatchSettings;
  /** Painted out of pictures; with any of these there are no clips. */
  hidden: readonly Polygon[];
  /** Where the reader before was, if it told. */
  position: LivePosition | null;
}

export interface LiveHearing {
  /** Ends the watch within seconds; what is open is closed before. */
  signal: AbortSignal;
  /** Called once nobody else reads the camera, before anything of it is told: closes what a lost reader left open. */
  begin(): Promise<void>;
  /**
   * Called with one change after the other. Files that a change names are there until the promise is settled.
   * What it throws ends the watch.
   */
  on(change: LiveChange): Promise<void>;
}

/** How a watch ended that nobody failed. */
export type LiveEnd =
  | { end: 'stopped' }
  /** It has not begun; to be tried again later. */
  | { end: 'wait'; wait: LiveWait };

const usualPatience_s = 15;
/** How long a child has for its last words. */
const lastWords_ms = 5000;

/**
 * Watches a live source for as long as its job lasts: reads it, connection after connection, and tells what happens in front
 * of the camera. It never ends by itself.
 * @throws InvalidRequest, SecretMissing where it cannot begin; what `hearing` and a worker's own trouble throw
 */
export async function watchLive<Detector>(
  needs: WatchLiveNeeds<Detector>,
  watch: LiveWatch,
  hearing: LiveHearing,
): Promise<LiveEnd> {
  refusePrivateAddress(readLiveAddress(watch.url), needs.allowPrivate);
  const taken = await needs.leases.take(watch);
  if ('wait' in taken) return { end: 'wait', wait: taken.wait };
  const held = holdLease(taken, needs.log, watch);
  try {
    await hearing.begin();
    return await new Watch(needs, watch, hearing, held).run();
  } finally {
    await held.release();
  }
}

class Watch<Detector> {
  readonly #needs: WatchLiveNeeds<Detector>;
  readonly #watch: LiveWatch;
  readonly #hearing: LiveHearing;
  readonly #held: HeldLease;
  readonly #queue: ChangeQueue;
  readonly #ending = new AbortController();
  readonly #backoff = new Backoff();
  readonly #open = new Map<string, LiveEventChange>();
  #position: LivePosition | null;
  #readSince: number | null = null;
  #offline: { since: string; why: string } | null = null;
  #wasRead = false;

  constructor(needs: WatchLiveNeeds<Detector>, watch: LiveWatch, hearing: LiveHearing, held: HeldLease) {
    this.#needs = needs;
    this.#watch = watch;
    this.#hearing = hearing;
    this.#held = held;
    this.#position = watch.position;
    this.#queue = new ChangeQueue(
      async (change) => {
        if (await held.isHeld()) await hearing.on(change);
      },
      (error) => this.#ending.abort(error),
    );
  }

  async run(): Promise<LiveEnd> {
    const { pause = (seconds, signal) => sleep(seconds * 1000, undefined, { signal }) } = this.#needs;
    const ended = AbortSignal.any([this.#hearing.signal, this.#held.lost, this.#ending.signal]);
    while (!ended.aborted) {
      const why = await this.#connect(ended);
      await this.#queue.settled();
      if (ended.aborted) break;
      const read_s = this.#readSince === null ? 0 : (performance.now() - this.#readSince) / 1000;
      this.#readSince = null;
      this.#sayOffline(why);
      await this.#queue.settled();
      await pause(this.#backoff.next(read_s), ended).catch((error) => {
        if (!ended.aborted) throw error;
      });
    }
    await this.#queue.settled();
    if (!this.#held.lost.aborted) return { end: 'stopped' };
    return { end: 'wait', wait: { for: 'camera', why: 'Another worker has taken over the camera.' } };
  }

  /** @returns why it ended, as a clause */
  async #connect(ended: AbortSignal): Promise<string> {
    const { scratch, secrets, detector, allowPrivate, limits, patience_s = usualPatience_s } = this.#needs;
    const { url, settings, hidden } = this.#watch;
    let address: string;
    try {
      address = await secrets.fill(url, 'options.url');
    } catch (error) {
      // An operator who is changing the file stops no camera that was read.
      if (error instanceof SecretMissing && this.#wasRead)
        return 'the secret of its address is not available';
      throw error;
    }
    const folder = join(scratch, `live-${randomUUID()}`);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    try {
      return await this.#read(
        {
          task: 'cameraLive',
          address,
          allowPrivate,
          folder,
          settings,
          hidden,
          limits,
          patience_s,
          detector,
          position: this.#position,
        },
        ended,
      );
    } finally {
      await this.#queue.settled().finally(() => rm(folder, { recursive: true, force: true }));
    }
  }

  async #read(task: LiveTask<Detector>, ended: AbortSignal): Promise<string> {
    const killing = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const stop = () => {
      timer = setTimeout(() => killing.abort(ended.reason), lastWords_ms);
      writeFile(join(task.folder, 'stop'), '').catch(() => killing.abort(ended.reason));
    };
    ended.addEventListener('abort', stop, { once: true });
    try {
      if (ended.aborted) stop();
      const result = await this.#needs.read(task, {
        signal: killing.signal,
        onProgress: (progress) => this.#take(progress),
      });
      return result.end === 'away' ? result.why : 'it was told to stop';
    } catch (error) {
      if (!ended.aborted && !(error instanceof ChildLost)) throw error;
      if (error instanceof ChildLost)
        this.#needs.log.warn(
          { ...this.#names(), err: error },
          'the process that read a live source was lost',
        );
      return 'the process that read it was lost; its stream may be damaged';
    } finally {
      clearTimeout(timer);
      ended.removeEventListener('abort', stop);
      this.#closeLeftOpen(ended.aborted ? 'stopped' : 'signal_lost');
    }
  }

  #take(progress: LiveProgress): void {
    if (progress.change === 'reading') {
      this.#readSince = performance.now();
      this.#wasRead = true;
      this.#offline = null;
      this.#needs.log.info(this.#names(), 'a live source is read');
      this.#queue.push({ change: 'state', state: 'reading', since: progress.since });
      return;
    }
    if (progress.change === 'position') this.#position = progress.position;
    else if (progress.change === 'closed') this.#open.delete(progress.event.key);
    else this.#open.set(progress.event.key, progress);
    this.#queue.push(progress);
  }

  /** A child that was killed said no last words. */
  #closeLeftOpen(reason: 'stopped' | 'signal_lost'): void {
    for (const { event, picture } of this.#open.values()) {
      const no_clip = 'The process that read the camera was lost, and the video with it.';
      const ended_at = event.last_seen_at;
      this.#queue.push({ change: 'closed', event, ended_at, reason, picture, clip: null, no_clip });
    }
    this.#open.clear();
  }

  #sayOffline(why: string): void {
    if (this.#offline?.why === why) return;
    const since = this.#offline?.since ?? new Date().toISOString();
    this.#offline = { since, why };
    this.#needs.log.warn({ ...this.#names(), why }, 'a live source is away; it will be tried again');
    const sentence = `The camera cannot be read: ${why}. It is tried again until the job is canceled.`;
    this.#queue.push({ change: 'state', state: 'offline', since, why: sentence });
  }

  #names() {
    const { job_id, camera_id } = this.#watch;
    return { job_id, camera_id };
  }
}
