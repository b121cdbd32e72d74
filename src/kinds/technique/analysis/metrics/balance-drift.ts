import { ankles, hips, middleAt, shoulders } from '../body.ts';
import { scoreAt, seenAt } from '../signal/clean-pose.ts';
import { mean, median, quantile } from '../statistics.ts';
import { fewestSamples, type Measurement, type Subject } from './metric.ts';

const trunk = [...shoulders, ...hips] as const;
const needed = [...trunk, ...ankles] as const;
const SHARE = 0.9;

/**
 * How far the weight wanders over the feet: with d(t) the horizontal way from the middle of the ankles to the middle of the
 * trunk (shoulders and hips) in torso lengths, the 90th percentile of |d(t) − median d|. The trunk stands
 * for the centre of mass: trunk and head are about 58 % of it (Winter, table 4.1). The median is what is usual
 * for this player in this view, so that a steady lean does not count as drift.
 */
export function balanceDrift({ pose, torso }: Subject): Measurement {
  const usable = Array.from(pose.times.keys()).filter((i) => seenAt(pose, needed, i));
  if (usable.length < fewestSamples(pose)) {
    return {
      not_measurable: `shoulders, hips and both ankles are seen together in only ${usable.length} frames; ${fewestSamples(pose)} are needed`,
    };
  }
  const offsets = usable.map(
    (i) => ((middleAt(pose, trunk, i)?.x ?? 0) - (middleAt(pose, ankles, i)?.x ?? 0)) / torso,
  );
  const usual = median(offsets);
  const course = usable.map((frame, k) => ({ frame, value: Math.abs((offsets[k] as number) - usual) }));
  return {
    value: quantile(
      course.map(({ value }) => value),
      SHARE,
    ),
    unit: 'torso lengths',
    course,
    keypoint_score: mean(usable.map((i) => scoreAt(pose, needed, i))),
    method:
      'horizontal distance of the trunk from its usual place over the ankles, exceeded in 10 % of the frames',
  };
}
