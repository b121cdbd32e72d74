import { UnreadableMedia } from '../../../domain/errors.ts';
import type { Report } from '../../../media/child/serve-tasks.ts';
import { ReadAhead } from '../../../media/video/read-ahead.ts';
import { type DecodedFrame, FrameReader, type ReadCounts } from '../../../media/video/read-frames.ts';
import type { LookFrame } from '../analysis/look.ts';
import { PersonFollower } from './follow-person.ts';
import type { LookProgress, LookResult, LookTask } from './look-task.ts';
import { personDetector, poseModel, QUICK_LOOK_THREADS } from './models.ts';
import { Eyes } from './see-people.ts';

/**
 * Decodes a stretch of video and follows one person through it.
 * @throws UnreadableMedia when samples were asked for and not one frame could be decoded; TooLarge
 */
export async function look(task: LookTask, report: Report<LookProgress>): Promise<LookResult> {
  const { fileName, span } = task;
  const threads = span.kind === 'samples' ? QUICK_LOOK_THREADS : 1;
  const eyes = new Eyes(
    await poseModel(task.models.pose, threads),
    await personDetector(task.models.detector, threads),
  );
  const frames: LookFrame[] = [];
  const tell = () => report({ frames_done: frames.length });
  const follower = new PersonFollower(eyes, {
    seed: task.seed ?? null,
    appearance: [...(task.appearance ?? [])],
  });
  const see = async ({ picture, time_s }: DecodedFrame) => {
    frames.push({ time_s, keypoints: await follower.look(picture, time_s) });
    tell();
  };
  const counts =
    span.kind === 'samples'
      ? await eachSample(task, span.times_s, tell, see)
      : await eachOfSegment(task, span, tell, see);
  if (frames.length === 0 && span.kind === 'samples') {
    throw new UnreadableMedia(
      `Not one frame of ${fileName} could be decoded; the file is damaged. Export it again and upload that.`,
    );
  }
  return {
    frames,
    ...counts,
    people_first: follower.peopleFirst,
    followed_first: follower.boxFirst,
    followed_last: follower.boxNow,
    appearance: follower.appearance,
    pose_runs: eyes.poseRuns,
    detector_runs: eyes.detectorRuns,
  };
}

type See = (frame: DecodedFrame) => Promise<void>;

/** Kept with its thread for the looks to come. */
export const sampleReader = new ReadAhead();

/** Somebody waits for a look at samples: its frames are decoded while those before are looked at. */
async function eachSample(
  task: LookTask,
  times_s: readonly number[],
  tell: () => void,
  see: See,
): Promise<ReadCounts> {
  for await (const frame of sampleReader.samples(task, times_s, tell)) await see(frame);
  return sampleReader.counts;
}

/** All cores are busy with segments: each decodes and looks in turn. */
async function eachOfSegment(
  task: LookTask,
  { start_s, end_s }: { start_s: number; end_s: number },
  tell: () => void,
  see: See,
): Promise<ReadCounts> {
  await using reader = await FrameReader.open(task, tell);
  for await (const frame of reader.segment(start_s, end_s)) await see(frame);
  return reader.counts;
}
