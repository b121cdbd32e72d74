import { jointAngles, type Side, sides } from '../angles.ts';
import { pointAt, scoreAt, seenAt } from '../signal/clean-pose.ts';
import { mean, quantile } from '../statistics.ts';
import { fewestSamples, type Measurement, type Subject } from './metric.ts';

const SHARE = 0.9;

/**
 * How far the elbow of the raised arm hangs below the shoulder, torso lengths (below 0: above it): the 90th percentile
 * over the frames in which that arm's wrist is at or above shoulder height. Of two raised arms the one raised in more
 * frames counts. Arms that hang say nothing about an elbow that drops, so without a raised arm there is no value.
 */
export function elbowDrop({ pose, torso }: Subject): Measurement {
  const seen = sides.map((side) => frames(pose).filter((i) => seenAt(pose, jointAngles.elbow(side), i)));
  const raised = sides.map((side, k) => (seen[k] as number[]).filter((i) => isRaised(pose, side, i)));
  const k = (raised[1] as number[]).length > (raised[0] as number[]).length ? 1 : 0;
  const side = sides[k] as Side;
  const usable = raised[k] as number[];
  // A throw is over in a fifth of a second, so half of what the other metrics ask for.
  const fewest = Math.ceil(fewestSamples(pose) / 2);
  if (usable.length < fewest) {
    const most = Math.max(...seen.map((list) => list.length));
    return {
      not_measurable:
        most < fewest
          ? `shoulder, elbow and wrist of one arm are seen together in only ${most} frames; ${fewest} are needed`
          : `no arm is raised to shoulder height in ${fewest} frames or more (${usable.length} found), so there is no raised elbow to drop`,
    };
  }
  const course = usable.map((frame) => {
    const [shoulder, elbow] = [
      pointAt(pose, `${side}_shoulder`, frame),
      pointAt(pose, `${side}_elbow`, frame),
    ];
    return { frame, value: ((elbow?.y ?? 0) - (shoulder?.y ?? 0)) / torso };
  });
  return {
    value: quantile(
      course.map(({ value }) => value),
      SHARE,
    ),
    unit: 'torso lengths',
    course,
    keypoint_score: mean(usable.map((i) => scoreAt(pose, jointAngles.elbow(side), i))),
    method: `height of the ${side} shoulder above the ${side} elbow while the ${side} hand is at shoulder height or above, exceeded in 10 % of those frames`,
  };
}

function frames(pose: Subject['pose']): number[] {
  return Array.from(pose.times.keys());
}

function isRaised(pose: Subject['pose'], side: Side, i: number): boolean {
  const [shoulder, wrist] = [pointAt(pose, `${side}_shoulder`, i), pointAt(pose, `${side}_wrist`, i)];
  return shoulder !== null && wrist !== null && wrist.y <= shoulder.y;
}
