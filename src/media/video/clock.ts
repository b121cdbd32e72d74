import { AV_NOPTS_VALUE, AV_PKT_FLAG_DISCARD, AV_PKT_FLAG_KEY } from 'node-av/constants';
import { type FormatContext, Packet, type Stream } from 'node-av/lib';

/**
 * Turns timestamps of one track into seconds from its first shown frame, rounded to the microsecond: the
 * index and every look round alike, so their times compare with `===`.
 */
export interface Clock {
  origin: bigint;
  seconds(timestamp: bigint): number;
  /** The track's own timestamp nearest to `seconds`. */
  timestamp(seconds: number): bigint;
}

export function clockFrom(origin: bigint, stream: Stream): Clock {
  const { num, den } = stream.timeBase;
  return {
    origin,
    seconds: (timestamp) => Math.round((Number(timestamp - origin) * num * 1e6) / den) / 1e6,
    timestamp: (seconds) => origin + BigInt(Math.round((seconds * den) / num)),
  };
}

/** Packets of the video track from which the first shown frame is found; more than any reordering reaches. */
const LOOKED_AT = 48;

/** The earliest presentation time among a track's first packets, seen one by one in file order. */
export function originFinder() {
  let seen = 0;
  let earliest: bigint | null = null;
  return {
    see(packet: Packet): void {
      if (seen++ >= LOOKED_AT) return;
      const time = timeOf(packet);
      if (time !== null && !isDiscarded(packet) && (earliest === null || time < earliest)) earliest = time;
    },
    done: () => seen >= LOOKED_AT,
    origin: () => earliest ?? 0n,
  };
}

/** Reads from where the demuxer stands, which must be the beginning, and leaves it some packets on. */
export function readOrigin(format: FormatContext, stream: Stream): bigint {
  using packet = new Packet();
  packet.alloc();
  const finder = originFinder();
  while (!finder.done() && format.readFrameSync(packet) >= 0) {
    if (packet.streamIndex === stream.index) finder.see(packet);
    packet.unref();
  }
  return finder.origin();
}

/** Presentation time, or decoding time where the container keeps no other (AVI); null where it keeps none. */
export function timeOf(packet: Packet): bigint | null {
  if (packet.pts !== AV_NOPTS_VALUE) return packet.pts;
  return packet.dts !== AV_NOPTS_VALUE ? packet.dts : null;
}

/** Decoded for the sake of later frames but never shown (MP4 edit lists). */
export function isDiscarded(packet: Packet): boolean {
  return (packet.flags & AV_PKT_FLAG_DISCARD) !== 0;
}

export function isKey(packet: Packet): boolean {
  return (packet.flags & AV_PKT_FLAG_KEY) !== 0;
}
