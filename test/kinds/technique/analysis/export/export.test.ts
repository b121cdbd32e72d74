import { expect, test } from '@jest/globals';
import { analyse, signalSettings } from '../../../../../src/kinds/technique/analysis/analyse.ts';
import { exportAnglesCsv } from '../../../../../src/kinds/technique/analysis/export/angles-csv.ts';
import { exportKeypointsCsv } from '../../../../../src/kinds/technique/analysis/export/keypoints-csv.ts';
import { exportKeypointsJson } from '../../../../../src/kinds/technique/analysis/export/keypoints-json.ts';
import { StoredKeypointsReader } from '../../../../../src/kinds/technique/analysis/export/stored-keypoints-reader.ts';
import { exportTrc } from '../../../../../src/kinds/technique/analysis/export/trc.ts';
import type { PoseSequence } from '../../../../../src/kinds/technique/analysis/pose-sequence.ts';
import { cleanSequence } from '../../../../../src/kinds/technique/analysis/signal/clean-sequence.ts';
import { contextOf, film } from '../stick-figure.ts';

const sequence = film(30, (_, i) => (i === 3 ? null : { leftKnee: 40, rightKnee: 40 }));
const clean = (given: PoseSequence) => cleanSequence(given, signalSettings({}));
const whole = (blocks: Iterable<string>) => [...blocks].join('');
const lines = (blocks: Iterable<string>) => whole(blocks).trimEnd().split('\n');

function readKeypointsJson(text: string, pieceLength = text.length): PoseSequence {
  const reader = new StoredKeypointsReader();
  for (let at = 0; at < text.length; at += pieceLength) reader.take(text.slice(at, at + pieceLength));
  return reader.sequence();
}

test('keypoints as CSV: a line a frame, as the model gave them, empty where the person is lost', () => {
  const [head, first, , , lost] = lines(exportKeypointsCsv(sequence));
  expect(head?.split(',').slice(0, 5)).toEqual(['frame', 'time_s', 'nose_x', 'nose_y', 'nose_score']);
  expect(head?.split(',')).toHaveLength(53);
  expect(first).toMatch(/^0,0,500,/);
  expect(lost).toBe(`3,0.1${','.repeat(51)}`);
});

test('angles as CSV: flexion by side and joint, bridged over a lost frame', () => {
  const [head, first, , , lost] = lines(exportAnglesCsv(clean(sequence)));
  expect(head).toBe(
    'frame,time_s,left_knee_flexion_deg,right_knee_flexion_deg,left_hip_flexion_deg,right_hip_flexion_deg,left_elbow_flexion_deg,right_elbow_flexion_deg',
  );
  expect(first).toMatch(/^0,0,40,40,/);
  expect(lost).toMatch(/^3,0.1,40,40,/);
});

test('TRC as OpenSim reads it: five header lines, tabs, three columns a marker, Y up in metres', () => {
  const rows = lines(exportTrc(clean(sequence), 'squat.trc')).map((line) => line.split('\t'));
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
  const text = whole(exportKeypointsJson(sequence));
  expect(lines(text)).toHaveLength(32);
  const read = readKeypointsJson(text);
  expect(whole(exportKeypointsJson(read))).toBe(text);
  expect(analyse(read, contextOf(sequence)).findings).toEqual(
    analyse(sequence, contextOf(sequence)).findings,
  );
});

test('an empty sequence exports its headers', () => {
  const empty = film(0, () => null);
  expect(lines(exportKeypointsCsv(empty))).toHaveLength(1);
  expect(lines(exportTrc(clean(empty)))).toHaveLength(5);
  expect(readKeypointsJson(whole(exportKeypointsJson(empty))).frames).toEqual([]);
});

test('a long sequence is written block by block and read in pieces cut anywhere', () => {
  const long = film(1203, (time_s, i) => (i % 7 === 3 ? null : { leftKnee: 40 + 30 * Math.sin(time_s) }));
  for (const blocks of [
    exportKeypointsJson(long),
    exportKeypointsCsv(long),
    exportTrc(clean(long)),
    exportAnglesCsv(clean(long)),
  ]) {
    const lengths = [...blocks].map(({ length }) => length);
    const total = lengths.reduce((sum, length) => sum + length, 0);
    expect(Math.max(...lengths)).toBeLessThan(total / 2);
  }
  expect(lines(exportKeypointsCsv(long)).map((line) => line.split(',')[0])).toEqual([
    'frame',
    ...long.frames.map((_, i) => String(i)),
  ]);
  const text = whole(exportKeypointsJson(long));
  expect(JSON.parse(text).frames).toHaveLength(1203);
  for (const pieceLength of [977, 4096, text.length]) {
    expect(whole(exportKeypointsJson(readKeypointsJson(text, pieceLength)))).toBe(text);
  }
});

test('stored keypoints that broke off, or are something else, are refused', () => {
  const text = whole(exportKeypointsJson(sequence));
  expect(() => readKeypointsJson(text.slice(0, text.length / 2))).toThrow('broke off');
  expect(() => readKeypointsJson(text.slice(0, -3))).toThrow('broke off');
  expect(() => readKeypointsJson('')).toThrow('broke off');
  expect(() => readKeypointsJson(text.replace('"version":1', '"version":9'))).toThrow('version');
  expect(() => readKeypointsJson(text.replace('[500,', '['))).toThrow();
});
