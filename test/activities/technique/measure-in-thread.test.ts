import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, expect, test } from '@jest/globals';
import { frameFiles, type MeasureRequest } from '../../../src/activities/technique/measure.ts';
import {
  type MeasuredInThread,
  measureInThread,
  prepareToMeasure,
} from '../../../src/activities/technique/measure-in-thread.ts';
import { analyse } from '../../../src/kinds/technique/analysis/analyse.ts';
import { exportKeypointsJson } from '../../../src/kinds/technique/analysis/export/keypoints-json.ts';
import { contextOf, film } from '../../kinds/technique/analysis/stick-figure.ts';

const sequence = film(1200, (_, i) => (i % 90 === 5 ? null : { leftKnee: 40, rightKnee: 40 }));
const context = contextOf(sequence);
const stored = Buffer.from([...exportKeypointsJson(sequence)].join(''));
const never = new AbortController().signal;

let measured: MeasuredInThread | undefined;
afterEach(async () => measured?.[Symbol.asyncDispose]());

async function* inPieces(bytes: Buffer, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

/** Two checkpoints, the later one first. */
async function* checkpoints(makers: readonly unknown[] = []): AsyncGenerator<Uint8Array> {
  for (const [n, from, to] of [
    [1, 700, 1200],
    [0, 0, 700],
  ] as const) {
    const look = { frames: sequence.frames.slice(from, to), corrupt_frames: 0 };
    yield Buffer.from(JSON.stringify({ segment: { n }, look, made_by: makers[n] }));
  }
}

async function textOf(blocks: AsyncIterable<Uint8Array>): Promise<string> {
  const bytes: Uint8Array[] = [];
  for await (const block of blocks) bytes.push(block);
  return Buffer.concat(bytes).toString();
}

const ofSegments: MeasureRequest = {
  source: {
    kind: 'segments',
    gaps: [],
    video: { ...sequence, timestamps_s: sequence.frames.map(({ time_s }) => time_s) },
  },
  context,
};

test('checkpoints, or the keypoints stored of them, are measured alike, and every file can be read again', async () => {
  measured = await measureInThread(ofSegments, checkpoints(), never);
  expect(measured.frames_count).toBe(1200);
  expect(measured.result).toEqual(analyse(sequence, context));
  const files: string[] = [];
  for (const { name } of frameFiles) files.push(await textOf(measured.read(name)));
  expect(files[0]).toBe(stored.toString());

  // A write that broke off begins anew.
  for await (const _ of measured.read('keypoints.csv')) break;
  expect(await textOf(measured.read('keypoints.csv'))).toBe(files[1]);

  await using again = await measureInThread(
    { source: { kind: 'keypoints' }, context },
    inPieces(stored, 10_007),
    never,
  );
  expect(await textOf(again.read('keypoints.json'))).toBe(files[0]);
});

test('segments that another version looked at name it in the provenance', async () => {
  const { software, models } = context.provenance;
  const own = { software, models };
  const other = { software: { ...software, version: '0.0.1' }, models };
  await using alike = await measureInThread(ofSegments, checkpoints([own, own]), never);
  expect(alike.result.provenance.parameters).not.toHaveProperty('segments_made_by');
  measured = await measureInThread(ofSegments, checkpoints([own, other]), never);
  expect(measured.result.provenance.parameters.segments_made_by).toEqual([other]);
});

test('what is no checkpoint is an error, not an answer that never comes', async () => {
  const pieces = inPieces(Buffer.from('<html>'), 99);
  await expect(measureInThread(ofSegments, pieces, never)).rejects.toThrow(/JSON/);
});

test('told to stop, the thread ends, also between two blocks', async () => {
  const stopping = new AbortController();
  measured = await measureInThread(ofSegments, checkpoints(), stopping.signal);
  const blocks = measured.read('keypoints.csv');
  await blocks.next();
  stopping.abort(new Error('cancelled'));
  await expect(blocks.next()).rejects.toThrow('cancelled');
  await expect(measureInThread(ofSegments, checkpoints(), stopping.signal)).rejects.toThrow('cancelled');
});

test('a thread made ready ahead measures as any other, once; the next one is a new one', async () => {
  prepareToMeasure();
  prepareToMeasure();
  measured = await measureInThread(ofSegments, checkpoints(), never);
  await using next = await measureInThread(ofSegments, checkpoints(), never);
  expect(measured.result).toEqual(analyse(sequence, context));
  expect(next.result).toEqual(measured.result);
});

test('a thread that waits keeps no process alive', async () => {
  const module = new URL('../../../src/activities/technique/measure-in-thread.ts', import.meta.url).href;
  const program = `import { prepareToMeasure } from '${module}'; prepareToMeasure(); console.log('at its end');`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--no-warnings',
    '--input-type=module',
    '-e',
    program,
  ]);
  expect(stdout).toBe('at its end\n');
});
