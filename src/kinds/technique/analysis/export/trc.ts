import { torsoLength } from '../body.ts';
import { type KeypointName, keypointNames } from '../keypoints.ts';
import type { PoseFrame } from '../pose-sequence.ts';
import { round } from '../rounding.ts';
import { type CleanPose, pointAt } from '../signal/clean-pose.ts';
import type { CleanSequence } from '../signal/clean-sequence.ts';
import { separated, textBlocks } from './text-blocks.ts';

/** Marker names as Pose2Sim and Sports2D give them for COCO's keypoints. */
const markers: Readonly<Record<KeypointName, string>> = {
  nose: 'Nose',
  left_eye: 'LEye',
  right_eye: 'REye',
  left_ear: 'LEar',
  right_ear: 'REar',
  left_shoulder: 'LShoulder',
  right_shoulder: 'RShoulder',
  left_elbow: 'LElbow',
  right_elbow: 'RElbow',
  left_wrist: 'LWrist',
  right_wrist: 'RWrist',
  left_hip: 'LHip',
  right_hip: 'RHip',
  left_knee: 'LKnee',
  right_knee: 'RKnee',
  left_ankle: 'LAnkle',
  right_ankle: 'RAnkle',
};

/** OpenSim knows metres and millimetres, not pixels; an adult's torso makes the scale. */
const TORSO_M = 0.5;

/**
 * The cleaned keypoints as a TRC file for OpenSim, as Pose2Sim and Sports2D write them: five header lines, tabs, frames from
 * 1, times in seconds of the video, X to the right, Y up, Z 0; empty where a marker is missing. Coordinates are metres if the torso
 * is half a metre long (the video does not tell), the origin at the picture's bottom left corner.
 * @param name goes into the first line
 */
export function* exportTrc({ sequence, pose }: CleanSequence, name = 'keypoints.trc'): Generator<string> {
  const scale = TORSO_M / (torsoLength(pose) ?? sequence.height);
  const rate = round(sequence.fps, 6);
  const count = sequence.frames.length;
  const header = [
    ['PathFileType', '4', '(X/Y/Z)', name],
    [
      'DataRate',
      'CameraRate',
      'NumFrames',
      'NumMarkers',
      'Units',
      'OrigDataRate',
      'OrigDataStartFrame',
      'OrigNumFrames',
    ],
    [rate, rate, count, keypointNames.length, 'm', rate, 1, count],
    ['Frame#', 'Time', ...keypointNames.flatMap((keypoint) => [markers[keypoint], '', ''])],
    ['', '', ...keypointNames.flatMap((_, k) => [`X${k + 1}`, `Y${k + 1}`, `Z${k + 1}`])],
  ];
  const row = ({ time_s }: PoseFrame, i: number) => [
    i + 1,
    round(time_s, 6),
    ...keypointNames.flatMap((keypoint) => coordinates(pose, keypoint, i, sequence.height, scale)),
  ];
  yield separated(header, '\t');
  yield* textBlocks(count, (from, to) =>
    separated(
      sequence.frames.slice(from, to).map((frame, i) => row(frame, from + i)),
      '\t',
    ),
  );
}

function coordinates(
  pose: CleanPose,
  name: KeypointName,
  i: number,
  height: number,
  scale: number,
): (number | string)[] {
  const point = pointAt(pose, name, i);
  return point ? [round(point.x * scale, 5), round((height - point.y) * scale, 5), 0] : ['', '', ''];
}
