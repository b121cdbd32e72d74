import { Packet } from 'node-av/lib';
import { TooLarge, UnreadableMedia } from '../../domain/errors.ts';
import { clockFrom, isDiscarded, isKey, originFinder, timeOf } from './clock.ts';
import { type OpenVideo, openVideo } from './open-video.ts';

/** What a video holds, read from its packets without decoding one. Times in seconds from the first frame. */
export interface VideoIndex {
  codec: string;
  /** Display pixels: after rotation, with square pixels. */
  width: number;
  height: number;
  rotation_deg: number;
  pixel_aspect: number;
  duration_s: number;
  frame_count: number;
  /** Frames the container lists beyond those it holds: the file was cut off. 0 where it keeps no such list. */
  missing_frames: number;
  /** Mean, from the timestamps. */
  fps: number;
  variable_frame_rate: boolean;
  /** Presentation time of the first frame on the container's own clock. */
  start_s: number;
  /** Where decoding may begin, ascending. */
  keyframes_s: number[];
  /** Every frame, ascending. */
  timestamps_s: number[];
}

export interface VideoLimits {
  durationSeconds: number;
  pixels: number;
}

/** More than an hour of 240 frames a second; the index of more would only fill memory. */
const MAX_FRAMES = 1_000_000;
/** Reads so many packets before it lets timers and messages through. */
const BREATH = 2000;

/**
 * @param onAlive called now and then while reading
 * @throws UnreadableMedia when there is no frame to decode; TooLarge when over a limit
 */
export async function indexVideo(
  path: string,
  fileName: string,
  limits: VideoLimits,
  onAlive: () => void,
): Promise<VideoIndex> {
  await using video = await openVideo(path, fileName);
  refuseLargePicture(video, limits);
  const packets = await readTimes(video, limits, onAlive);
  if (packets.times.length === 0) {
    throw new UnreadableMedia(
      `${fileName} has a video track without a single frame; it was cut off. Upload it again.`,
    );
  }
  if (packets.keys.length === 0) {
    throw new UnreadableMedia(
      `${fileName} has no frame from which decoding could begin; it was cut off. Upload it again.`,
    );
  }
  return summarise(video, packets);
}

interface PacketTimes {
  origin: bigint;
  times: bigint[];
  keys: bigint[];
  lastDuration: bigint;
  /** Of the track, shown or not. */
  packets: number;
}

async function readTimes(video: OpenVideo, limits: VideoLimits, onAlive: () => void): Promise<PacketTimes> {
  const { format, stream, fileName } = video;
  using packet = new Packet();
  packet.alloc();
  const times: bigint[] = [];
  const keys: bigint[] = [];
  let withoutPts = 0;
  let packets = 0;
  let lastDuration = 0n;
  let last = -(2n ** 62n);
  const origin = originFinder();
  const { num, den } = stream.timeBase;
  for (let read = 0; format.readFrameSync(packet) >= 0; read++) {
    const mine = packet.streamIndex === stream.index;
    if (mine) origin.see(packet);
    if (mine) packets++;
    const time = mine ? timeOf(packet) : null;
    if (time !== null && !isDiscarded(packet)) {
      times.push(time);
      if (isKey(packet)) keys.push(time);
      if (packet.pts !== time) withoutPts++;
      if (time > last) [last, lastDuration] = [time, packet.duration];
    }
    packet.unref();
    if (read % BREATH === BREATH - 1) {
      onAlive();
      if (times.length > MAX_FRAMES)
        throw new TooLarge(`${fileName} has more than ${MAX_FRAMES} frames. Cut it shorter.`);
      refuseLong((Number(last - (times[0] ?? last)) * num) / den, limits, fileName);
      await new Promise(setImmediate);
    }
  }
  // Without presentation times and with reordering, a frame's time depends on where decoding began: one run.
  if (withoutPts > 0 && stream.codecpar.videoDelay > 0) keys.length = Math.min(keys.length, 1);
  const ascending = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0);
  times.sort(ascending);
  keys.sort(ascending);
  const seconds = (Number((times.at(-1) ?? 0n) - (times[0] ?? 0n) + lastDuration) * num) / den;
  refuseLong(seconds, limits, fileName);
  return { origin: origin.origin(), times, keys, lastDuration, packets };
}

function summarise(
  video: OpenVideo,
  { origin, times, keys, lastDuration, packets }: PacketTimes,
): VideoIndex {
  const { stream, geometry } = video;
  const clock = clockFrom(origin, stream);
  const { num, den } = stream.timeBase;
  const span = (Number((times.at(-1) ?? origin) - (times[0] ?? origin)) * num) / den;
  const nominal = stream.avgFrameRate.num > 0 ? stream.avgFrameRate.num / stream.avgFrameRate.den : 0;
  const fps = times.length > 1 && span > 0 ? (times.length - 1) / span : nominal;
  const tail = lastDuration > 0n ? (Number(lastDuration) * num) / den : fps > 0 ? 1 / fps : 0;
  return {
    codec: video.codecName,
    width: geometry.width,
    height: geometry.height,
    rotation_deg: geometry.rotation_deg,
    pixel_aspect: round(geometry.pixel_aspect, 6),
    duration_s: round(span + tail, 6),
    frame_count: times.length,
    missing_frames: Math.max(0, Number(stream.nbFrames) - packets),
    fps: round(fps, 6),
    variable_frame_rate: varies(times, (num * 1000) / den),
    start_s: round((Number(origin) * num) / den, 6),
    keyframes_s: keys.map(clock.seconds),
    timestamps_s: times.map(clock.seconds),
  };
}

/** Steps that differ by more than a container's rounding (2 ms) and by more than a tenth of the median. */
function varies(times: bigint[], tickMs: number): boolean {
  const steps = times.slice(1).map((time, i) => Number(time - (times[i] ?? 0n)) * tickMs);
  if (steps.length < 2) return false;
  const sorted = [...steps].sort((a, b) => a - b);
  const median = sorted[sorted.length >> 1] ?? 0;
  return sorted.some((step) => Math.abs(step - median) > Math.max(2, median / 10));
}

function refuseLong(seconds: number, limits: VideoLimits, fileName: string): void {
  if (seconds <= limits.durationSeconds) return;
  throw new TooLarge(
    `${fileName} is longer than the ${Math.round(limits.durationSeconds)} seconds allowed. Cut it to the part that matters.`,
  );
}

function refuseLargePicture({ geometry, fileName }: OpenVideo, limits: VideoLimits): void {
  const pixels = geometry.coded_width * geometry.coded_height;
  if (pixels <= limits.pixels) return;
  throw new TooLarge(
    `${fileName} has pictures of ${geometry.coded_width}×${geometry.coded_height} pixels; at most ${limits.pixels} in all are allowed. Export it smaller.`,
  );
}

function round(value: number, decimals: number): number {
  return Math.round(value * 10 ** decimals) / 10 ** decimals;
}
