import {
  AV_FRAME_FLAG_CORRUPT,
  AV_NOPTS_VALUE,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVERROR_ERANGE,
} from 'node-av/constants';
import { type Codec, CodecContext, Frame, type Packet, type Stream } from 'node-av/lib';
import { TooLarge, UnreadableMedia } from '../../domain/errors.ts';

/** A decoder that only ever fails must not hold the loop. */
const MAX_ERRORS_A_PACKET = 8;
/** One picture too large may be damage that reads as a size; so many packets lost to it are what the stream holds. */
const TOO_LARGE_IN_A_ROW = 4;
/**
 * How far over the limit FFmpeg is let go: it holds the limit against a width rounded up to blocks of 64, and its
 * MPEG-4 decoder against a scratch buffer of 90,000 pixels beside the smallest picture.
 */
const ROUNDING = { times: 2, plus: 2 ** 18 };

/** What a decoder has to know of a track. */
export interface Decodable {
  decoder: Codec;
  stream: Pick<Stream, 'codecpar' | 'timeBase'>;
  /** For messages. */
  fileName: string;
}

/**
 * One thread decodes: the children are as many as the cores, and a frame's pixels must not depend on timing.
 * Damaged packets are counted and passed over. A stream may change its size as it goes: pictures over the limit get
 * no memory.
 */
export class Decoder implements Disposable {
  /** Frames that came out, wanted or not. */
  decoded = 0;
  corrupt = 0;
  readonly #context = new CodecContext();
  readonly #frame = new Frame();
  #ended = false;
  #skipping = false;
  readonly #fileName: string;
  readonly #maxPixels: number;
  #tooLarge = 0;

  /** @param maxPixels of one picture */
  constructor({ decoder, stream, fileName }: Decodable, maxPixels: number) {
    this.#fileName = fileName;
    this.#maxPixels = maxPixels;
    this.#frame.alloc();
    this.#context.allocContext3(decoder);
    this.#context.parametersToContext(stream.codecpar);
    this.#context.pktTimebase = stream.timeBase;
    this.#context.threadCount = 1;
    this.#context.setOption('max_pixels', maxPixels * ROUNDING.times + ROUNDING.plus);
    if (this.#context.open2Sync(decoder) < 0) {
      throw new UnreadableMedia(
        `${fileName} has a video track that its decoder (${decoder.name}) refuses. Export it again.`,
      );
    }
  }

  /**
   * Gives a packet, or null for the end. Take all frames out before giving the next.
   * @throws TooLarge when the stream has grown over the limit
   */
  send(packet: Packet | null): void {
    const sent = this.#context.sendPacketSync(packet);
    if (packet === null) this.#ended = true;
    else if (sent < 0 && sent !== AVERROR_EAGAIN && sent !== AVERROR_EOF) this.#passOver(sent);
  }

  /** Whether frames that no other needs are passed over instead of decoded; for those not wanted themselves. */
  skipUnreferenced(skip: boolean): void {
    if (skip === this.#skipping) return;
    this.#skipping = skip;
    this.#context.setOption('skip_frame', skip ? 'noref' : 'default');
  }

  /** The next finished frame in the order of showing, to be overwritten by the one after; null when another packet is needed first. */
  receive(): { frame: Frame; timestamp: bigint } | null {
    for (let errors = 0; errors < MAX_ERRORS_A_PACKET; ) {
      const frame = this.#frame;
      const received = this.#context.receiveFrameSync(frame);
      if (received === AVERROR_EAGAIN || received === AVERROR_EOF) return null;
      if (received < 0) {
        this.#passOver(received);
        errors++;
        continue;
      }
      this.#tooLarge = 0;
      this.decoded++;
      if (frame.decodeErrorFlags !== 0 || frame.hasFlags(AV_FRAME_FLAG_CORRUPT)) this.corrupt++;
      const timestamp = frame.bestEffortTimestamp;
      if (timestamp === AV_NOPTS_VALUE) continue;
      return { frame, timestamp };
    }
    return null;
  }

  /** Whether the end was given: nothing more can be sent before `forget`. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Forgets all frames under way: call after a jump to a keyframe. */
  forget(): void {
    this.#context.flushBuffers();
    this.#ended = false;
  }

  /** A decoder that was refused memory for a picture says so, forgets the size, or still has the size it asked for. */
  #passOver(error: number): void {
    this.corrupt++;
    const pixels = this.#context.width * this.#context.height;
    const forSize = error === AVERROR_ERANGE || pixels === 0 || pixels > this.#maxPixels;
    // What follows a refused keyframe fails for want of it, whatever it says.
    if (!forSize && this.#tooLarge === 0) return;
    if (++this.#tooLarge < TOO_LARGE_IN_A_ROW) return;
    throw new TooLarge(
      `${this.#fileName} changes to pictures of more than the ${this.#maxPixels} pixels allowed in all. Export it again in one size.`,
    );
  }

  [Symbol.dispose](): void {
    this.#frame.free();
    this.#context.freeContext();
  }
}
