import { middleAt, shoulders } from '../body.ts';
import type { KeypointName } from '../keypoints.ts';
import { scoreAt, seenAt } from '../signal/clean-pose.ts';
import { mean, median } from '../statistics.ts';
import { fewestSamples, type Measurement, type Subject } from './metric.ts';

const candidates = ['nose', 'left_ear', 'right_ear'] as const satisfies readonly KeypointName[];
/** A head keypoint seen less often than the best one by more than this would make the head seem to jump. */
const SEEN_SHARE = 0.8;

/**
 * How much the head moves on the shoulders: with d(t) the way from the middle of the shoulders to the middle of the head
 * (nose and ears, those seen most of the time) in torso lengths, the root mean square of |d(t) − median d|.
 * Running, stepping or a moving camera do not count, nor does a leaning trunk with the head kept level.
 */
export function headStability({ pose, torso }: Subject): Measurement {
  const frames = Array.from(pose.times.keys());
  const counts = candidates.map((name) => frames.filter((i) => seenAt(pose, [name], i)).length);
  const most = Math.max(...counts);
  const head = candidates.filter((_, k) => most > 0 && (counts[k] as number) >= SEEN_SHARE * most);
  const needed = [...shoulders, ...head];
  const usable = head.length === 0 ? [] : frames.filter((i) => seenAt(pose, needed, i));
  if (usable.length < fewestSamples(pose)) {
    return {
      not_measurable: `the head and both shoulders are seen together in only ${usable.length} frames; ${fewestSamples(pose)} are needed`,
    };
  }
  const offsets = usable.map((i) => {
    const [top, base] = [middleAt(pose, head, i), middleAt(pose, shoulders, i)];
    return { x: ((top?.x ?? 0) - (base?.x ?? 0)) / torso, y: ((top?.y ?? 0) - (base?.y ?? 0)) / torso };
  });
  const x = median(offsets.map((offset) => offset.x));
  const y = median(offsets.map((offset) => offset.y));
  const course = usable.map((frame, k) => {
    const offset = offsets[k] as { x: number; y: number };
    return { frame, value: Math.hypot(offset.x - x, offset.y - y) };
  });
  return {
    value: Math.sqrt(mean(course.map(({ value }) => value ** 2))),
    unit: 'torso lengths',
    course,
    keypoint_score: mean(usable.map((i) => scoreAt(pose, needed, i))),
    method: `root mean square of the head's distance from its usual place above the shoulders (${head.join(', ')})`,
  };
}
