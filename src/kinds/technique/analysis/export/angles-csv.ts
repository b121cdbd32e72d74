import { type Joint, jointAngleAt, jointAngles, sides } from '../angles.ts';
import type { PoseFrame } from '../pose-sequence.ts';
import { round } from '../rounding.ts';
import type { CleanSequence } from '../signal/clean-sequence.ts';
import { separated, textBlocks } from './text-blocks.ts';

/**
 * Joint angles after signal care, a line a frame: `frame` from 0, `time_s`, then for knee, hip and elbow of each side
 * the flexion in degrees (0 when the segments are aligned); empty where a keypoint is missing.
 */
export function* exportAnglesCsv({ sequence: { frames }, pose }: CleanSequence): Generator<string> {
  const joints = (Object.keys(jointAngles) as Joint[]).flatMap((joint) =>
    sides.map((side) => ({ joint, side })),
  );
  const row = ({ time_s }: PoseFrame, i: number) => [
    i,
    round(time_s, 6),
    ...joints.map(({ joint, side }) => {
      const angle = jointAngleAt(pose, joint, side, i);
      return angle === null ? '' : round(angle, 2);
    }),
  ];
  const columns = joints.map(({ joint, side }) => `${side}_${joint}_flexion_deg`);
  yield separated([['frame', 'time_s', ...columns]], ',');
  yield* textBlocks(frames.length, (from, to) =>
    separated(
      frames.slice(from, to).map((frame, i) => row(frame, from + i)),
      ',',
    ),
  );
}
