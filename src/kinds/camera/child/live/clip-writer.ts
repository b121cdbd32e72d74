import { AVIO_FLAG_WRITE } from 'node-av/constants';
import { FFmpegError, FormatContext, IOContext, Packet, Rational } from 'node-av/lib';
import type { LiveTrack } from './live-source.ts';
import type { KeptPacket } from './packet-ring.ts';

/** Ticks a second of a clip's track. */
const ticks = 90_000;
/** Of one clip; what comes after is left out. */
const mostClipBytes = 512 * 2 ** 20;

/** Writes an MP4 as packets come, without encoding anew. Its own time begins with its first packet's. */
export class ClipWriter {
  readonly path: string;
  readonly #format = new FormatContext();
  readonly #file = new IOContext();
  readonly #packet = new Packet();
  #shift: number | null = null;
  #bytes = 0;
  #lastDts = Number.NEGATIVE_INFINITY;
  #end_s = 0;

  /** @throws Error when the file cannot be written, or MP4 does not take the video */
  constructor(path: string, { stream: { codecpar } }: LiveTrack) {
    this.path = path;
    check(this.#format.allocOutputContext2(null, 'mp4', path));
    check(this.#file.open2Sync(path, AVIO_FLAG_WRITE));
    this.#format.pb = this.#file;
    this.#packet.alloc();
    const stream = this.#format.newStream();
    codecpar.copy(stream.codecpar);
    stream.codecpar.codecTag = 0;
    stream.timeBase = new Rational(1, ticks);
    // Players begin before all of it is there.
    check(this.#format.setOption('movflags', '+faststart'));
    check(this.#format.writeHeaderSync());
  }

  /** The time on the connection's line at which the clip begins; null before the first packet. */
  get begins_s(): number | null {
    return this.#shift;
  }

  /** How long it is so far, seconds. */
  get length_s(): number {
    return Math.max(0, this.#end_s - (this.#shift ?? 0));
  }

  write({ packet, dts_s, pts_s }: KeptPacket): void {
    if (this.#bytes + packet.size > mostClipBytes) return;
    this.#shift ??= Math.min(dts_s, pts_s);
    const stream = this.#format.streams[0];
    if (!stream) return;
    // Each later than the one before, as MP4 needs it, and none shown before it is decoded.
    const dts = Math.max(Math.round((dts_s - this.#shift) * ticks), this.#lastDts + 1);
    const pts = Math.max(Math.round((pts_s - this.#shift) * ticks), dts);
    check(this.#packet.ref(packet));
    this.#packet.dts = BigInt(dts);
    this.#packet.pts = BigInt(pts);
    this.#packet.duration = 0n;
    this.#packet.streamIndex = 0;
    this.#packet.pos = -1n;
    this.#packet.rescaleTs(new Rational(1, ticks), stream.timeBase);
    const written = this.#format.interleavedWriteFrameSync(this.#packet);
    this.#packet.unref();
    check(written);
    this.#lastDts = dts;
    this.#bytes += packet.size;
    this.#end_s = Math.max(this.#end_s, pts_s);
  }

  /** @throws Error when it could not be written to the end */
  end(): void {
    try {
      check(this.#format.writeTrailerSync());
    } finally {
      this.#packet.free();
      this.#format.pb = null;
      this.#file.closepSync();
      this.#format.freeContext();
    }
  }
}

function check(code: number): void {
  if (code < 0) throw new Error(`the clip could not be written: ${FFmpegError.strerror(code)}`);
}
