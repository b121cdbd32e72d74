import { jointAngles, readableAngleAt } from '../angles.ts';
import { scoreAt } from '../signal/clean-pose.ts';
import { mean } from '../statistics.ts';
import { isPlanted } from './foot-contact.ts';
import { fewestSamples, type Measurement, type Subject } from './metric.ts';

/**
 * The front knee's largest flexion while its foot is planted, degrees, 0 when shank and thigh are aligned. A knee that
 * bends in the air (running, stepping) does not count.
 */
export function kneeBrace(subject: Subject): Measurement {
  const { pose, front, torso } = subject;
  const { side } = front;
  const fewest = fewestSamples(pose);
  const readable = Array.from(pose.times.keys()).flatMap((frame) => {
    const value = readableAngleAt(pose, torso, 'knee', side, frame);
    return value === null ? [] : [{ frame, value, planted: isPlanted(subject, side, frame) }];
  });
  const course = readable.filter(({ planted }) => planted).map(({ frame, value }) => ({ frame, value }));
  if (course.length < fewest) {
    const told = readable.filter(({ planted }) => planted !== null).length;
    const why =
      readable.length < fewest
        ? `the ${side} hip, knee and ankle are seen well together in only ${readable.length} frames`
        : told < fewest
          ? `the frames looked at are too far apart to tell when the ${side} foot stands: only ${told} have a near neighbour`
          : `the ${side} foot stands still in only ${course.length} of the frames that show its leg`;
    return { not_measurable: `${why}; ${fewest} are needed` };
  }
  return {
    value: course.reduce((most, { value }) => Math.max(most, value), 0),
    unit: 'degrees',
    course,
    keypoint_score: mean(course.map(({ frame }) => scoreAt(pose, jointAngles.knee(side), frame))),
    method: `largest flexion of the ${side} (front) knee in the picture plane while the foot stands`,
  };
}
