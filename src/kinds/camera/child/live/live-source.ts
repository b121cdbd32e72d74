import {
  AV_NOPTS_VALUE,
  AV_PKT_DATA_DISPLAYMATRIX,
  AVDISCARD_ALL,
  AVMEDIA_TYPE_VIDEO,
} from 'node-av/constants';
import { Codec, CodecParameters, type FormatContext, type Packet, Rational, type Stream } from 'node-av/lib';
import { type Geometry, geometryOf } from '../../../../media/video/geometry.ts';
import type { LivePosition } from '../../live/live-change.ts';
import { SourceAway } from '../../live/source-away.ts';

/** What a live source's video is, for as long as it stays the same. */
export interface LiveTrack extends Disposable {
  decoder: Codec;
  /** As `Decoder` takes it; what it says outlives the input it was read from. */
  stream: { codecpar: CodecParameters; timeBase: Rational };
  geometry: Geometry;
  /** Tells tracks apart that one decoder cannot read. */
  key: string;
}

/** What comes of a live source, in order. A packet is valid until the next is asked for. */
export type LiveInput =
  | { kind: 'track'; track: LiveTrack }
  | {
      kind: 'packet';
      packet: Packet;
      dts_s: number | null;
      pts_s: number | null;
      duration_s: number;
      clock: PacketClock;
    }
  /** What follows has another clock. */
  | { kind: 'discontinuity' }
  /** All until here has been read. */
  | { kind: 'position'; position: LivePosition };

export interface PacketClock {
  /** Seconds of a clock that only runs forward. */
  arrived_s: number;
  /** When it came, or would have come had it been sent at once, ms since 1970. */
  arrived_ms: number;
  /** What the camera says that it was. */
  said_ms: number | null;
  /** What the id of an event that begins here derives from, and where in it the packet is; that counts where it begins. */
  source: string;
  source_s: number;
}

/** The video of an input, whose other streams are then passed over. @throws SourceAway */
export function openLiveTrack(format: FormatContext): { stream: Stream; track: LiveTrack } {
  const index = format.findBestStream(AVMEDIA_TYPE_VIDEO);
  const stream = index < 0 ? undefined : format.streams[index];
  if (!stream) throw new SourceAway('it sends no picture');
  for (const other of format.streams) if (other.index !== index) other.discard = AVDISCARD_ALL;
  const { width, height, codecId, extradata } = stream.codecpar;
  const decoder = Codec.findDecoder(codecId);
  if (!decoder || width <= 0 || height <= 0)
    throw new SourceAway('its video cannot be decoded here; have it send H.264 or H.265');
  const codecpar = new CodecParameters();
  codecpar.alloc();
  stream.codecpar.copy(codecpar);
  const aspect = [stream.sampleAspectRatio, codecpar.sampleAspectRatio].find(
    ({ num, den }) => num > 0 && den > 0,
  );
  const { num, den } = stream.timeBase;
  return {
    stream,
    track: {
      decoder,
      stream: { codecpar, timeBase: new Rational(num, den) },
      geometry: geometryOf(
        width,
        height,
        aspect ? aspect.num / aspect.den : 1,
        codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX),
      ),
      key: [codecId, width, height, num, den, apartIn(extradata)].join(),
      [Symbol.dispose]: () => codecpar.free(),
    },
  };
}

/**
 * Where the parameters of the video stand beside its packets (MP4), others need another decoder. In MPEG-TS they come with the
 * packets, and what was found of them first may differ by a zero from segment to segment.
 */
function apartIn(extradata: Buffer | null): string {
  const isWithin = extradata?.[0] === 0 && extradata[1] === 0;
  return extradata && !isWithin ? extradata.toString('base64') : '';
}

/** The times of a packet in seconds. */
export function timesOf({ dts, pts, duration }: Packet, { num, den }: { num: number; den: number }) {
  const seconds = (time: bigint) => (time === AV_NOPTS_VALUE ? null : (Number(time) * num) / den);
  return { dts_s: seconds(dts), pts_s: seconds(pts), duration_s: Math.max(0, seconds(duration) ?? 0) };
}
