import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AV_LOG_QUIET } from 'node-av/constants';
import { Log, type Packet } from 'node-av/lib';
import { TooLarge } from '../../../../domain/errors.ts';
import type { Report, Tell } from '../../../../media/child/serve-tasks.ts';
import { Decoder } from '../../../../media/video/decoder.ts';
import type { Picture } from '../../../../media/video/picture.ts';
import { PictureRing } from '../../../../media/video/picture-ring.ts';
import type { WatchChange, Watcher, WatchSettings } from '../../analysis/watch.ts';
import { readLiveAddress } from '../../live/address.ts';
import type { LiveClip } from '../../live/live-change.ts';
import { SourceAway } from '../../live/source-away.ts';
import { type Placed, Timeline } from '../../live/timeline.ts';
import { WallClock } from '../../live/wall-clock.ts';
import type { DetectObjects } from '../models.ts';
import { FrameWatch, type SeenChange } from '../watch-frames.ts';
import { ClipWriter } from './clip-writer.ts';
import { readHlsPackets } from './hls-source.ts';
import { around_s, LiveEvents, type OpenClip } from './live-events.ts';
import type { LiveInput, LiveTrack } from './live-source.ts';
import type { LiveProgress, LiveResult, LiveTask } from './live-task.ts';
import { PacketRing } from './packet-ring.ts';
import { readRtsp } from './rtsp-source.ts';

/** What looks at the pictures. */
export interface LiveEyes<Detector> {
  createWatcher(settings: WatchSettings): Watcher;
  /** @throws ModelUnusable */
  objectsIn(detector: Detector): Promise<DetectObjects>;
}

/** Ticks a second of the line of time, as the decoder gets it. */
const ticks = 90_000;
/** MPEG-TS counts to 2³³ of its ticks. */
const tsWrap_s = 2 ** 33 / ticks;
const stopEvery_ms = 200;
const aliveEvery_ms = 1000;
/** How far from its arrival a picture may have been taken, by the camera's word; HLS may be a recording of last week. */
const believable = {
  rtsp: { before: 60_000, after: 60_000 },
  hls: { before: Number.POSITIVE_INFINITY, after: 300_000 },
} as const;

/** Reads one connection to a live source until it ends or is told to stop, and tells what happens in front of the camera. */
export function makeWatchLive<Detector>(eyes: LiveEyes<Detector>) {
  return async function watchLive(
    task: LiveTask<Detector>,
    report: Report<LiveProgress>,
    tell: Tell<LiveProgress>,
  ): Promise<LiveResult> {
    Log.setLevel(AV_LOG_QUIET);
    const stopping = new AbortController();
    const asked = setInterval(() => existsSync(join(task.folder, 'stop')) && stopping.abort(), stopEvery_ms);
    const alive = setInterval(() => report(), aliveEvery_ms);
    using connection = new Connection(task, eyes, await eyes.objectsIn(task.detector), tell);
    try {
      for await (const input of inputsOf(task, stopping.signal)) {
        await connection.take(input);
        if (stopping.signal.aborted) break;
      }
      await connection.end(stopping.signal.aborted ? 'stopped' : 'signal_lost');
      return stopping.signal.aborted ? { end: 'stopped' } : { end: 'away', why: 'the stream ended' };
    } catch (error) {
      await connection.end(stopping.signal.aborted ? 'stopped' : 'signal_lost');
      if (stopping.signal.aborted) return { end: 'stopped' };
      if (error instanceof SourceAway) return { end: 'away', why: error.message };
      if (error instanceof TooLarge) return { end: 'away', why: wordsOfSize(task) };
      throw error;
    } finally {
      clearInterval(asked);
      clearInterval(alive);
    }
  };
}

function inputsOf(
  { address: text, folder, ...task }: LiveTask<unknown>,
  signal: AbortSignal,
): AsyncGenerator<LiveInput> {
  const address = readLiveAddress(text);
  return address.protocol === 'rtsp'
    ? readRtsp(address, { ...task, signal })
    : readHlsPackets(address, folder, { ...task, signal });
}

function wordsOfSize({ limits }: LiveTask<unknown>): string {
  return `its pictures have more than the ${limits.pixels} pixels allowed in all; have it send smaller ones`;
}

/** From packets to what is told. */
class Connection<Detector> implements Disposable {
  readonly #task: LiveTask<Detector>;
  readonly #eyes: LiveEyes<Detector>;
  readonly #detect: DetectObjects;
  readonly #tell: Tell<LiveProgress>;
  readonly #timeline: Timeline;
  readonly #clock: WallClock;
  readonly #events: LiveEvents;
  readonly #ring = new PacketRing();
  readonly #pictures = new PictureRing(2);
  readonly #clips = new Set<ClipWriter>();
  #track: LiveTrack | undefined;
  #decoder: Decoder | undefined;
  #watch: FrameWatch | undefined;
  #size = '';
  #files = 0;
  #reading = false;

  constructor(
    task: LiveTask<Detector>,
    eyes: LiveEyes<Detector>,
    detect: DetectObjects,
    tell: Tell<LiveProgress>,
  ) {
    this.#task = task;
    this.#eyes = eyes;
    this.#detect = detect;
    this.#tell = tell;
    const { protocol } = readLiveAddress(task.address);
    this.#timeline = new Timeline(protocol === 'hls' ? tsWrap_s : undefined);
    this.#clock = new WallClock(believable[protocol]);
    this.#events = new LiveEvents({
      prefix: basename(task.folder),
      clock: this.#clock,
      tell,
      openClip: (start_s) => this.#openClip(start_s),
    });
  }

  async take(input: LiveInput): Promise<void> {
    if (input.kind === 'track') await this.#takeTrack(input.track);
    else if (input.kind === 'packet') await this.#takePacket(input);
    else if (input.kind === 'discontinuity') this.#timeline.discontinue();
    else this.#tell({ change: 'position', position: input.position });
  }

  /** Closes what is open, with the pictures that the decoder still has. */
  async end(reason: 'signal_lost' | 'stopped'): Promise<void> {
    await this.#drain();
    await this.#endWatch(reason);
    this.#events.finish();
    this.#ring.clear();
  }

  [Symbol.dispose](): void {
    this.#decoder?.[Symbol.dispose]();
    this.#track?.[Symbol.dispose]();
    this.#pictures[Symbol.dispose]();
    this.#ring[Symbol.dispose]();
  }

  async #takeTrack(track: LiveTrack): Promise<void> {
    await this.end('signal_lost');
    this.#decoder?.[Symbol.dispose]();
    this.#track?.[Symbol.dispose]();
    this.#track = track;
    const { coded_width, coded_height } = track.geometry;
    if (coded_width * coded_height > this.#task.limits.pixels) throw new SourceAway(wordsOfSize(this.#task));
    this.#decoder = new Decoder({ ...track, fileName: 'The stream' }, this.#task.limits.pixels);
  }

  async #takePacket(input: Extract<LiveInput, { kind: 'packet' }>): Promise<void> {
    const { packet, clock } = input;
    const placed = this.#timeline.place({
      ...input,
      arrived_s: clock.arrived_s,
      said_s: clock.said_ms === null ? null : clock.said_ms / 1000,
    });
    if (placed.jumped) await this.end('signal_lost');
    this.#clock.see({ at_s: placed.pts_s, arrived_ms: clock.arrived_ms, said_ms: clock.said_ms });
    this.#events.mark(clock.source, placed.pts_s - clock.source_s);
    this.#keep(packet, placed);
    packet.dts = BigInt(Math.round(placed.dts_s * ticks));
    packet.pts = BigInt(Math.round(placed.pts_s * ticks));
    this.#decoder?.send(packet);
    await this.#look();
    this.#events.upTo(placed.dts_s);
  }

  /** For clips, of which there are none where something has to be painted out. */
  #keep(packet: Packet, placed: Placed): void {
    if (this.#task.hidden.length > 0) return;
    const kept = { packet, ...placed };
    this.#ring.add(kept);
    for (const clip of this.#clips) {
      try {
        clip.write(kept);
      } catch {
        // What is there of it is kept where it can be ended in order.
        this.#clips.delete(clip);
      }
    }
  }

  async #drain(): Promise<void> {
    if (!this.#decoder || this.#decoder.ended) return;
    this.#decoder.send(null);
    await this.#look();
    this.#decoder.forget();
  }

  /** At the frames that the decoder has ready. */
  async #look(): Promise<void> {
    for (let next = this.#decoder?.receive(); next; next = this.#decoder?.receive()) {
      if (!this.#track) return;
      const picture = this.#pictures.takeIn(next.frame, this.#track.geometry);
      await this.#show(picture, Number(next.timestamp) / ticks);
    }
  }

  async #show(picture: Picture, time_s: number): Promise<void> {
    if (!this.#reading) this.#tell({ change: 'reading', since: new Date().toISOString() });
    this.#reading = true;
    const size = `${picture.coded_width}×${picture.coded_height}`;
    // What was learnt of pictures of another size is worth nothing.
    if (size !== this.#size) await this.#endWatch('signal_lost');
    this.#size = size;
    const { settings, hidden } = this.#task;
    this.#watch ??= new FrameWatch(this.#eyes.createWatcher(settings), this.#detect, hidden);
    await this.#take(await this.#watch.push(picture, time_s));
    const { openEvent } = this.#watch.watcher;
    const wanted = openEvent && this.#events.wants(openEvent);
    if (!wanted) return;
    const jpeg = await this.#watch.takePicture();
    if (!jpeg && wanted === 'picture') return;
    await this.#take([{ change: 'updated', event: openEvent, ...(jpeg && { picture: jpeg }) }]);
  }

  async #endWatch(reason: 'signal_lost' | 'stopped'): Promise<void> {
    if (this.#watch) await this.#take(await this.#watch.end(reason));
    this.#watch = undefined;
  }

  async #take(changes: readonly SeenChange[]): Promise<void> {
    for (const { picture, ...change } of changes) {
      const path = picture && join(this.#task.folder, `${++this.#files}.jpg`);
      if (path) await writeFile(path, picture);
      this.#events.take(change as WatchChange, path);
    }
  }

  #openClip(start_s: number): { clip: OpenClip } | { none: string } {
    if (this.#task.hidden.length > 0)
      return {
        none: 'The camera has a mask for privacy, which video that is copied as it is would not have.',
      };
    if (!this.#track) return { none: 'Its video was lost.' };
    let writer: ClipWriter;
    try {
      writer = new ClipWriter(join(this.#task.folder, `${++this.#files}.mp4`), this.#track);
      for (const kept of this.#ring.from(start_s - around_s)) writer.write(kept);
    } catch {
      return { none: 'Its video could not be written as MP4.' };
    }
    this.#clips.add(writer);
    return { clip: { finish: ({ start_s: from, end_s: to }) => this.#finishClip(writer, from, to) } };
  }

  #finishClip(writer: ClipWriter, start_s: number, end_s: number): LiveClip | null {
    this.#clips.delete(writer);
    try {
      writer.end();
    } catch {
      return null;
    }
    const { begins_s, length_s } = writer;
    if (begins_s === null) return null;
    const within = (time_s: number) =>
      Math.round(Math.min(Math.max(0, time_s - begins_s), length_s) * 1000) / 1000;
    return { path: writer.path, from_s: within(start_s), to_s: within(end_s) };
  }
}
