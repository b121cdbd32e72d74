import type { Frame } from 'node-av/lib';
import { timeOf } from './clock.ts';
import { Decoder } from './decoder.ts';
import { DemuxCursor } from './demux-cursor.ts';
import type { Geometry } from './geometry.ts';
import type { Picture } from './picture.ts';
import { PictureRing } from './picture-ring.ts';
import type { VideoLimits } from './video-index.ts';

export interface DecodedFrame {
  /** Seconds from the first frame of the video, to the microsecond. */
  time_s: number;
  /** Stays readable while the next frame given is looked at, and no longer. */
  picture: Picture;
}

/** A frame as the decoder gives it, overwritten by the next. */
interface FreshFrame {
  time_s: number;
  frame: Frame;
}

/**
 * Frames decoded in one go before they are looked at. Decoder and model each fill the processor's caches with
 * their own: taking turns less often saves a tenth of the time.
 */
const BURST = 8;
/** Large pictures come in smaller bursts: memory for so many pixels is held. */
const BURST_PIXELS = 2 ** 24;

export interface ReadCounts {
  decoded_frames: number;
  corrupt_frames: number;
}

export interface FileToRead {
  path: string;
  /** What the user called it. */
  fileName: string;
  /** Of each picture. */
  limits: Pick<VideoLimits, 'pixels'>;
}

/** Reads frames of one video by time. One walk at a time. */
export class FrameReader implements AsyncDisposable {
  readonly #cursor: DemuxCursor;
  readonly #decoder: Decoder;
  readonly #ring: PictureRing;
  readonly #onAlive: () => void;
  readonly #burst: number;

  private constructor(cursor: DemuxCursor, maxPixels: number, onAlive: () => void) {
    this.#cursor = cursor;
    const { coded_width, coded_height } = cursor.video.geometry;
    this.#burst = Math.max(1, Math.min(BURST, Math.floor(BURST_PIXELS / (coded_width * coded_height))));
    // One more: the last frame of the burst before stays readable.
    this.#ring = new PictureRing(this.#burst + 1);
    this.#decoder = new Decoder(cursor.video, maxPixels);
    this.#onAlive = onAlive;
  }

  /**
   * @param onAlive called at every packet, wanted or not
   * @throws UnreadableMedia; while reading, TooLarge when pictures grow over the limit
   */
  static async open({ path, fileName, limits }: FileToRead, onAlive: () => void): Promise<FrameReader> {
    return new FrameReader(await DemuxCursor.open(path, fileName), limits.pixels, onAlive);
  }

  get geometry(): Geometry {
    return this.#cursor.video.geometry;
  }

  get counts(): ReadCounts {
    return {
      decoded_frames: this.#decoder.decoded,
      corrupt_frames: this.#decoder.corrupt + this.#cursor.readErrors,
    };
  }

  /**
   * Every frame with start ≤ time < end. Decoding goes on past the next keyframe until a frame at or after
   * `end_s` is out: with open groups of pictures, frames shown before a keyframe are stored after it.
   */
  async *segment(start_s: number, end_s: number): AsyncGenerator<DecodedFrame> {
    const key = await this.#cursor.seek(start_s);
    this.#decoder.forget();
    let first = true;
    for (const found of this.#inBursts(start_s, end_s)) {
      if (first && found.time_s > start_s && key > 0) {
        // The keyframe at the start gave no picture (a refresh spread over several frames, or damage).
        await this.#cursor.seek(key - 1e-3);
        this.#decoder.forget();
        yield* this.#inBursts(start_s, end_s);
        return;
      }
      first = false;
      yield found;
    }
  }

  *#inBursts(start_s: number, end_s: number): Generator<DecodedFrame> {
    let burst: DecodedFrame[] = [];
    for (const found of this.#onward()) {
      if (found.time_s < start_s) continue;
      if (found.time_s >= end_s) break;
      burst.push(this.#keep(found));
      if (burst.length < this.#burst) continue;
      yield* burst;
      burst = [];
    }
    yield* burst;
  }

  /**
   * For each of `times_s` (ascending) the first frame at or after it; a frame found twice comes once. Jumps to
   * the keyframe before each time, unless what is decoded already reaches further.
   */
  async *samples(times_s: readonly number[]): AsyncGenerator<DecodedFrame> {
    let latest = Number.NEGATIVE_INFINITY;
    let sent: bigint | null = null;
    for (const time of times_s) {
      if (time <= latest) continue;
      const key = await this.#cursor.seek(time);
      sent = this.#skipSent(sent);
      const fresh = sent === null;
      const onSent = (decodingTime: bigint | null) => {
        sent = decodingTime;
      };
      let found = this.#firstFrom(time, onSent);
      if (fresh && found && found.time_s > time && key > 0) {
        // As in `segment`: the keyframe may not have given its picture. What was found is not lost by going back.
        await this.#cursor.seek(key - 1e-3);
        this.#decoder.forget();
        found = this.#firstFrom(time, onSent);
      }
      if (!found) continue;
      latest = found.time_s;
      yield this.#keep(found);
    }
  }

  #firstFrom(time: number, onSent: (decodingTime: bigint | null) => void): FreshFrame | null {
    for (const found of this.#onward(onSent, time)) if (found.time_s >= time) return found;
    return null;
  }

  /**
   * After a jump: where the keyframe was decoded already, passes over the packets the decoder has had, so
   * that it simply goes on; otherwise makes it forget.
   */
  #skipSent(sent: bigint | null): bigint | null {
    const cursor = this.#cursor;
    if (!cursor.next()) return null;
    const key = cursor.decodingTime;
    if (sent === null || key === null || key > sent || this.#decoder.ended) {
      cursor.hold();
      this.#decoder.forget();
      return null;
    }
    do {
      const time = cursor.decodingTime;
      if (time !== null && time > sent) {
        cursor.hold();
        break;
      }
    } while (cursor.next());
    return sent;
  }

  /** @param wantedFrom frames shown before it may be passed over where no other needs them */
  *#onward(
    onSent?: (decodingTime: bigint | null) => void,
    wantedFrom = Number.NEGATIVE_INFINITY,
  ): Generator<FreshFrame> {
    const { clock, packet } = this.#cursor;
    for (;;) {
      for (let out = this.#decoder.receive(); out; out = this.#decoder.receive()) {
        yield { time_s: clock.seconds(out.timestamp), frame: out.frame };
      }
      if (this.#decoder.ended) return;
      const more = this.#cursor.next();
      const shown = more ? timeOf(packet) : null;
      this.#decoder.skipUnreferenced(shown !== null && clock.seconds(shown) < wantedFrom);
      this.#decoder.send(more ? packet : null);
      this.#onAlive();
      if (more) onSent?.(this.#cursor.decodingTime);
    }
  }

  #keep({ time_s, frame }: FreshFrame): DecodedFrame {
    return { time_s, picture: this.#ring.takeIn(frame, this.geometry) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ring[Symbol.dispose]();
    this.#decoder[Symbol.dispose]();
    await this.#cursor[Symbol.asyncDispose]();
  }
}
