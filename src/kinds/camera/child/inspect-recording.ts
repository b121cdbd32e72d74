import { TooLarge } from '../../../domain/errors.ts';
import { openVideo } from '../../../media/video/open-video.ts';

export interface InspectTask {
  task: 'cameraInspect';
  path: string;
  /** What the user called it. */
  fileName: string;
  limits: { pixels: number };
}

export interface RecordingInfo {
  codec: string;
  /** Display pixels: after rotation, with square pixels. */
  width: number;
  height: number;
  /** As the container says; null where it does not. */
  duration_s: number | null;
  /** When the recording began, ISO 8601 in UTC, as the container says; null where it does not, or says nonsense. */
  creation_time: string | null;
}

/** Before the first cameras that record files; a clock that was never set says 1904, 1970 or 2000-01-01. */
const earliest = Date.UTC(2000, 0, 2);

/** What the container says of a recording; nothing is decoded. @throws UnreadableMedia, TooLarge */
export async function inspectRecording({ path, fileName, limits }: InspectTask): Promise<RecordingInfo> {
  await using video = await openVideo(path, fileName);
  const { format, stream, geometry, codecName } = video;
  const pixels = geometry.coded_width * geometry.coded_height;
  if (pixels > limits.pixels) {
    throw new TooLarge(
      `${fileName} has pictures of ${geometry.coded_width}×${geometry.coded_height} pixels; at most ${limits.pixels} in all are allowed. Export it smaller.`,
    );
  }
  const microseconds = Number(format.duration);
  return {
    codec: codecName,
    width: geometry.width,
    height: geometry.height,
    duration_s: microseconds > 0 ? microseconds / 1e6 : null,
    creation_time: creationTime(
      format.metadata?.get('creation_time') ?? stream.metadata?.get('creation_time') ?? null,
    ),
  };
}

function creationTime(said: string | null): string | null {
  const at = said === null ? Number.NaN : Date.parse(said);
  return at >= earliest && at < Date.now() + 86_400_000 ? new Date(at).toISOString() : null;
}
