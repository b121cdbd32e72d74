import type { Report } from '../../../media/child/serve-tasks.ts';
import { FrameReader } from '../../../media/video/read-frames.ts';
import { drawSkeleton } from './draw-skeleton.ts';
import type { DrawnFrame, DrawTask } from './draw-task.ts';

/** Draws skeletons on frames looked at before; a frame that can no longer be decoded is left out. */
export async function drawFrames(task: DrawTask, report: Report<never>): Promise<DrawnFrame[]> {
  await using reader = await FrameReader.open(task, report);
  const byTime = new Map(task.frames.map((frame) => [frame.time_s, frame]));
  const times = [...byTime.keys()].sort((a, b) => a - b);
  const drawn: DrawnFrame[] = [];
  for await (const { time_s, picture } of reader.samples(times)) {
    const wanted = byTime.get(time_s);
    if (wanted) drawn.push({ time_s, jpeg: await drawSkeleton(picture, wanted.keypoints, wanted.caption) });
    report();
  }
  return drawn;
}
