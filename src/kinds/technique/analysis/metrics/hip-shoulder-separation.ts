import { between } from '../angles.ts';
import { hips, shoulders } from '../body.ts';
import { type CleanPose, pointAt, scoreAt, seenAt } from '../signal/clean-pose.ts';
import { mean, quantile } from '../statistics.ts';
import { fewestSamples, type Measurement, type Subject } from './metric.ts';

const needed = [...shoulders, ...hips] as const;
/**
 * Lines shorter than these, in torso lengths, point at the camera, and their direction is noise. Seen square on,
 * shoulders are about 0.8 torso lengths wide and hips about 0.45.
 */
const SHORTEST_SHOULDERS = 0.4;
const SHORTEST_HIPS = 0.22;
const SHARE = 0.95;

/**
 * Angle between the line through the shoulders and the line through the hips in the picture plane, degrees 0–180; the
 * 95th percentile over the frames that show both lines broad enough. One camera sees no turn around the body's own axis,
 * only what of it tilts the lines: the true separation in space is at least as hard to see and may be larger.
 */
export function hipShoulderSeparation({ pose, torso }: Subject): Measurement {
  const seen = Array.from(pose.times.keys()).filter((i) => seenAt(pose, needed, i));
  const broad = seen.flatMap((frame) => {
    const [top, base] = [lineAt(pose, shoulders, frame), lineAt(pose, hips, frame)];
    if (Math.hypot(top.x, top.y) < SHORTEST_SHOULDERS * torso) return [];
    if (Math.hypot(base.x, base.y) < SHORTEST_HIPS * torso) return [];
    const value = between(top, base);
    return value === null ? [] : [{ frame, value }];
  });
  if (broad.length < fewestSamples(pose)) {
    const why =
      seen.length < fewestSamples(pose)
        ? `both shoulders and both hips are seen together in only ${seen.length} frames`
        : `the player is seen from the side: the shoulder and hip lines are broad enough in only ${broad.length} of ${seen.length} frames`;
    return {
      not_measurable: `${why}; ${fewestSamples(pose)} are needed. Film from the front or from behind`,
    };
  }
  return {
    value: quantile(
      broad.map(({ value }) => value),
      SHARE,
    ),
    unit: 'degrees',
    course: broad,
    keypoint_score: mean(broad.map(({ frame }) => scoreAt(pose, needed, frame))),
    method:
      'angle between shoulder line and hip line in the picture plane, exceeded in 5 % of the frames that show both broad enough; a turn towards the camera is not seen',
  };
}

/** From the right to the left keypoint. The pair was seen in this frame. */
function lineAt(pose: CleanPose, [left, right]: typeof shoulders | typeof hips, i: number) {
  const [l, r] = [pointAt(pose, left, i), pointAt(pose, right, i)];
  return { x: (l?.x ?? 0) - (r?.x ?? 0), y: (l?.y ?? 0) - (r?.y ?? 0) };
}
