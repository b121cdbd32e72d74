import { jointAngleAt, jointAngles, jointSeenAt } from '../angles.ts';
import { scoreAt } from '../signal/clean-pose.ts';
import { mean } from '../statistics.ts';
import { isPlanted } from './foot-contact.ts';
import { fewestSamples, type Measurement, type Subject } from './metric.ts';

/**
 * The front knee's largest flexion while its foot is planted, degrees, 0 when shank and thigh are aligned. A knee that
 * bends in the air (running, stepping) does not count. In a sample of frames foot contact cannot be told; then
 * it is the largest flexion of all frames looked at.
 */
export function kneeBrace(subject: Subject): Measurement {
  const { pose, front } = subject;
  const { side } = front;
  const seen = Array.from(pose.times.keys()).filter((i) => jointSeenAt(pose, 'knee', side, i));
  const tellsContact = pose.sampling.every_frame;
  const usable = tellsContact ? seen.filter((i) => isPlanted(subject, side, i) === true) : seen;
  if (usable.length < fewestSamples(pose)) {
    const what =
      tellsContact && seen.length >= fewestSamples(pose) ? 'seen with the foot on the ground' : 'seen';
    return {
      not_measurable: `the ${side} hip, knee and ankle are ${what} in only ${usable.length} frames; ${fewestSamples(pose)} are needed`,
    };
  }
  const course = usable.flatMap((frame) => {
    const value = jointAngleAt(pose, 'knee', side, frame);
    return value === null ? [] : [{ frame, value }];
  });
  if (course.length === 0) return { not_measurable: `the ${side} hip, knee and ankle lie on one point` };
  return {
    value: course.reduce((most, { value }) => Math.max(most, value), 0),
    unit: 'degrees',
    course,
    keypoint_score: mean(usable.map((i) => scoreAt(pose, jointAngles.knee(side), i))),
    method: tellsContact
      ? `largest flexion of the ${side} (front) knee in the picture plane while the foot stands`
      : `largest flexion of the ${side} (front) knee in the picture plane among the frames looked at, foot contact unknown`,
  };
}
