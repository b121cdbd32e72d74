import type { LookFrame } from '../analysis/technique/look.ts';
import { UnreadableMedia } from '../domain/errors.ts';
import type { Report } from '../media/child/serve-tasks.ts';
import { FrameReader } from '../media/video/read-frames.ts';
import { PersonFollower } from './follow-person.ts';
import { personDetector, poseModel, QUICK_LOOK_THREADS } from './models.ts';
import { Eyes } from './see-people.ts';
import type { LookResult, LookTask } from './tasks.ts';

/**
 * Decodes a stretch of video and follows one person through it.
 * @throws UnreadableMedia when samples were asked for and not one frame could be decoded; TooLarge
 */
export async function look(task: LookTask, report: Report): Promise<LookResult> {
  const { fileName, span } = task;
  const threads = span.kind === 'samples' ? QUICK_LOOK_THREADS : 1;
  const eyes = new Eyes(
    await poseModel(task.models.pose, threads),
    await personDetector(task.models.detector, threads),
  );
  const frames: LookFrame[] = [];
  const tell = () => report({ frames_done: frames.length });
  await using reader = await FrameReader.open(task, tell);
  using follower = new PersonFollower(eyes, {
    seed: task.seed ?? null,
    appearance: [...(task.appearance ?? [])],
  });
  const walk =
    span.kind === 'segment' ? reader.segment(span.start_s, span.end_s) : reader.samples(span.times_s);
  for await (const frame of walk) {
    const keypoints = await follower.look(frame.picture, frame.time_s);
    frames.push({ time_s: frame.time_s, keypoints });
    tell();
  }
  if (frames.length === 0 && span.kind === 'samples') {
    throw new UnreadableMedia(
      `Not one frame of ${fileName} could be decoded; the file is damaged. Export it again and upload that.`,
    );
  }
  return {
    frames,
    ...reader.counts,
    people_first: follower.peopleFirst,
    followed_first: follower.boxFirst,
    followed_last: follower.boxNow,
    appearance: follower.appearance,
    pose_runs: eyes.poseRuns,
    detector_runs: eyes.detectorRuns,
  };
}
