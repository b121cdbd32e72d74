import { AV_NOPTS_VALUE, AVERROR_EOF, AVSEEK_FLAG_BACKWARD } from 'node-av/constants';
import { Packet } from 'node-av/lib';
import { type Clock, clockFrom, isKey, readOrigin, timeOf } from './clock.ts';
import { type OpenVideo, openVideo } from './open-video.ts';

/** Damaged spots passed over before the rest of a file is given up. */
const MAX_READ_ERRORS = 200;

/**
 * Walks the packets of the video track. Seeking is by presentation time and never lands after it, which
 * FFmpeg alone does not promise: it compares decoding times (MP4) or any packet's (MPEG-TS).
 */
export class DemuxCursor implements AsyncDisposable {
  readonly packet = new Packet();
  readonly clock: Clock;
  video: OpenVideo;
  readErrors = 0;
  #path: string;
  /** `packet` already holds the one `next` should give. */
  #held = false;

  private constructor(video: OpenVideo, path: string) {
    this.video = video;
    this.#path = path;
    this.packet.alloc();
    this.clock = clockFrom(readOrigin(video.format, video.stream), video.stream);
  }

  static async open(path: string, fileName: string): Promise<DemuxCursor> {
    return new DemuxCursor(await openVideo(path, fileName), path);
  }

  /** Moves on to the next packet of the track; false at the end. */
  next(): boolean {
    if (this.#held) {
      this.#held = false;
      return true;
    }
    const { format, stream } = this.video;
    for (;;) {
      this.packet.unref();
      const read = format.readFrameSync(this.packet);
      if (read === AVERROR_EOF || (read < 0 && ++this.readErrors > MAX_READ_ERRORS)) return false;
      if (read >= 0 && this.packet.streamIndex === stream.index) return true;
    }
  }

  /** Gives the present packet once more. */
  hold(): void {
    this.#held = true;
  }

  /**
   * Stands at the nearest keyframe shown at or before `seconds`; `next` gives it first.
   * @returns when it is shown; 0 when only the beginning is left
   */
  async seek(seconds: number): Promise<number> {
    const wanted = this.clock.timestamp(seconds);
    for (let back = 0; ; back = back === 0 ? 0.5 : back * 2) {
      const target = this.clock.timestamp(seconds - back);
      const { format, stream } = this.video;
      if (format.seekFrameSync(stream.index, target, AVSEEK_FLAG_BACKWARD) < 0) break;
      this.#held = false;
      while (this.next()) {
        if (!isKey(this.packet)) continue;
        const time = timeOf(this.packet);
        if (time !== null && time <= wanted) {
          this.#held = true;
          return this.clock.seconds(time);
        }
        break;
      }
      if (target < this.clock.origin) break;
    }
    await this.rewind();
    return 0;
  }

  /** Back to the first packet, whatever it is: a recording cut out of a broadcast may not begin with a keyframe. */
  async rewind(): Promise<void> {
    const { fileName } = this.video;
    await this.video[Symbol.asyncDispose]();
    this.video = await openVideo(this.#path, fileName);
    this.#held = false;
  }

  /** Decoding time, by which packets are ordered in the file; null where the container keeps none. */
  get decodingTime(): bigint | null {
    return this.packet.dts === AV_NOPTS_VALUE ? null : this.packet.dts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.packet.free();
    await this.video[Symbol.asyncDispose]();
  }
}
