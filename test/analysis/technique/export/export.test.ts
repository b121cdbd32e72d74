import { expect, test } from '@jest/globals';
import { analyse } from '../../../../src/analysis/technique/analyse.ts';
import { exportAnglesCsv } from '../../../../src/analysis/technique/export/angles-csv.ts';
import { exportKeypointsCsv } from '../../../../src/analysis/technique/export/keypoints-csv.ts';
import {
  exportKeypointsJson,
  readKeypointsJson,
} from '../../../../src/analysis/technique/export/keypoints-json.ts';
import { exportTrc } from '../../../../src/analysis/technique/export/trc.ts';
import { contextOf, film } from '../stick-figure.ts';

const sequence = film(30, (_, i) => (i === 3 ? null : { leftKnee: 40, rightKnee: 40 }));
const lines = (text: string) => text.trimEnd().split('\n');

test('keypoints as CSV: a line a frame, as the model gave them, empty where the person is lost', () => {
  const [head, first, , , lost] = lines(exportKeypointsCsv(sequence));
  expect(head?.split(',').slice(0, 5)).toEqual(['frame', 'time_s', 'nose_x', 'nose_y', 'nose_score']);
  expect(head?.split(',')).toHaveLength(53);
  expect(first).toMatch(/^0,0,500,/);
  expect(lost).toBe(`3,0.1${','.repeat(51)}`);
});

test('angles as CSV: flexion by side and joint, bridged over a lost frame', () => {
  const [head, first, , , lost] = lines(exportAnglesCsv(sequence, {}));
  expect(head).toBe(
    'frame,time_s,left_knee_flexion_deg,right_knee_flexion_deg,left_hip_flexion_deg,right_hip_flexion_deg,left_elbow_flexion_deg,right_elbow_flexion_deg',
  );
  expect(first).toMatch(/^0,0,40,40,/);
  expect(lost).toMatch(/^3,0.1,40,40,/);
});

test('TRC as OpenSim reads it: five header lines, tabs, three columns a marker, Y up in metres', () => {
  const rows = exportTrc(sequence, {}, 'squat.trc')
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
  expect(rows[0]).toEqual(['PathFileType', '4', '(X/Y/Z)', 'squat.trc']);
  expect(rows[1]?.[0]).toBe('DataRate');
  expect(rows[2]).toEqual(['30', '30', '30', '17', 'm', '30', '1', '30']);
  expect(rows[3]?.slice(0, 6)).toEqual(['Frame#', 'Time', 'Nose', '', '', 'LEye']);
  expect(rows[4]?.slice(2, 8)).toEqual(['X1', 'Y1', 'Z1', 'X2', 'Y2', 'Z2']);
  expect(rows.slice(3).every((row) => row.length === 2 + 17 * 3)).toBe(true);
  expect(rows[5]?.slice(0, 2)).toEqual(['1', '0']);
  // The torso is half a metre: nose 1.4 torso lengths over the hips.
  const [nose, hip] = [Number(rows[5]?.[3]), Number(rows[5]?.[3 + 11 * 3])];
  expect(nose - hip).toBeCloseTo(0.7, 4);
});

test('stored keypoints read back give the same analysis', () => {
  const text = exportKeypointsJson(sequence);
  expect(lines(text)).toHaveLength(32);
  const read = readKeypointsJson(text);
  expect(exportKeypointsJson(read)).toBe(text);
  expect(analyse(read, contextOf(sequence)).findings).toEqual(
    analyse(sequence, contextOf(sequence)).findings,
  );
});

test('an empty sequence exports its headers', () => {
  const empty = film(0, () => null);
  expect(lines(exportKeypointsCsv(empty))).toHaveLength(1);
  expect(lines(exportTrc(empty, {}))).toHaveLength(5);
  expect(readKeypointsJson(exportKeypointsJson(empty)).frames).toEqual([]);
});
