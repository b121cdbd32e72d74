import { AV_LOG_QUIET, AV_NOPTS_VALUE, AVIO_FLAG_WRITE } from 'node-av/constants';
import { FFmpegError, FormatContext, IOContext, Log, type Stream } from 'node-av/lib';
import { TooLarge, UnreadableMedia } from '../../../domain/errors.ts';
import type { Report } from '../../../media/child/serve-tasks.ts';
import { isKey, timeOf } from '../../../media/video/clock.ts';
import { DemuxCursor } from '../../../media/video/demux-cursor.ts';

export interface ClipTask {
  task: 'clip';
  /** A local file. */
  path: string;
  /** Seconds of the video's own time. The clip begins with the keyframe at or before `from_s`. */
  from_s: number;
  to_s: number;
  /** The MP4 to write. */
  out: string;
  /** What the video is called in messages. */
  fileName: string;
}

export interface Clip {
  /** When in the video its first frame is shown. */
  from_s: number;
}

/** Of ten minutes at 8 Mbit/s, and of keyframes that are far apart. */
const mostBytes = 1024 ** 3;

/**
 * Copies a part of the video track into an MP4 whose index comes first. Nothing is decoded or encoded, so it begins with a
 * keyframe; its own time begins with 0 there. Sound is left out: what is said near a camera is nobody's evidence.
 * @throws UnreadableMedia where the video cannot be read or MP4 cannot hold it; TooLarge
 */
export async function clip(task: ClipTask, report: Report<never>): Promise<Clip> {
  Log.setLevel(AV_LOG_QUIET);
  await using cursor = await DemuxCursor.open(task.path, task.fileName);
  const from_s = Math.max(0, task.from_s);
  await cursor.seek(from_s);
  const { stream } = cursor.video;
  using output = openMp4(task, stream);
  const { packet, clock } = cursor;
  let first: bigint | null = null;
  let before: bigint | null = null;
  let lastShown_s = 0;
  let bytes = 0;
  while (cursor.next()) {
    report();
    const time = timeOf(packet);
    if (time === null || (first === null && !isKey(packet))) continue;
    first ??= time;
    // By the order of decoding: a later packet may be shown earlier.
    if (clock.seconds(cursor.decodingTime ?? time) > task.to_s) break;
    // Shown before the keyframe, they need frames from before it.
    if (time < first) continue;
    bytes += packet.size;
    if (bytes > mostBytes)
      throw new TooLarge(
        `A clip of ${task.fileName} would have more than ${mostBytes / 1024 ** 2} MiB. Take a part of the recording itself.`,
      );
    // Without one, a last frame lasts no time, and players leave it out.
    if (packet.duration <= 0n) packet.duration = before !== null && time > before ? time - before : 1n;
    before = time;
    lastShown_s = Math.max(lastShown_s, clock.seconds(time));
    if (packet.pts !== AV_NOPTS_VALUE) packet.pts -= first;
    if (packet.dts !== AV_NOPTS_VALUE) packet.dts -= first;
    output.write(packet, stream);
  }
  if (first === null || lastShown_s < from_s)
    throw new UnreadableMedia(`${task.fileName} ends before the clip would begin. It was cut off.`);
  output.end();
  return { from_s: clock.seconds(first) };
}

/** An MP4 with one track that is a copy of `source`'s. */
function openMp4({ out, fileName }: ClipTask, source: Stream) {
  const format = new FormatContext();
  check(format.allocOutputContext2(null, 'mp4', out), fileName);
  const file = new IOContext();
  check(file.open2Sync(out, AVIO_FLAG_WRITE), fileName);
  format.pb = file;
  const target = format.newStream();
  source.codecpar.copy(target.codecpar);
  // The tag is of the other container.
  target.codecpar.codecTag = 0;
  target.timeBase = source.timeBase;
  target.sampleAspectRatio = source.sampleAspectRatio;
  check(format.setOption('movflags', 'faststart'), fileName);
  const began = format.writeHeaderSync();
  if (began < 0) {
    format.freeContext();
    throw new UnreadableMedia(
      `The video format of ${fileName} cannot be put into an MP4 as it is, so there is no clip of it.`,
      { cause: new Error(FFmpegError.strerror(began)) },
    );
  }
  return {
    write(packet: DemuxCursor['packet'], { timeBase }: Stream) {
      packet.streamIndex = target.index;
      packet.rescaleTs(timeBase, target.timeBase);
      packet.pos = -1n;
      check(format.interleavedWriteFrameSync(packet), fileName);
    },
    end() {
      check(format.writeTrailerSync(), fileName);
    },
    [Symbol.dispose]() {
      format.pb = null;
      file.closepSync();
      format.freeContext();
    },
  };
}

function check(code: number, fileName: string): void {
  if (code >= 0) return;
  throw new Error(`cutting a clip of ${fileName} failed: ${FFmpegError.strerror(code)}`);
}
