import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { failureOf } from '../../../../src/activities/failures.ts';
import { ModelUnusable } from '../../../../src/domain/errors.ts';
import type { LookResult, LookTask } from '../../../../src/kinds/technique/child/look-task.ts';
import { techniqueTasks } from '../../../../src/kinds/technique/child/task-module.ts';
import type { TechniqueTasks } from '../../../../src/kinds/technique/child/tasks.ts';
import { type ChildPool, openChildPool } from '../../../../src/media/child-pool.ts';
import {
  FLOAT,
  INT,
  type OnnxModel,
  readOnnx,
  writeOnnx,
} from '../../../../src/media/models/graph/onnx-format.ts';
import { loopVideo } from '../../../support/media/loop-video.ts';
import { makeScratchFolder, type ScratchFolder } from '../../../support/media/scratch-folder.ts';
import { samplePath, shippedModels } from '../../../support/media/shipped.ts';
import { usualLimits } from '../../../support/media/usual-limits.ts';
import { tally } from './walk-and-jump.ts';

const squats = samplePath('squats.mp4');
const walkAndJump = samplePath('walk-and-jump.mp4');
const whole = { kind: 'segment', start_s: 0, end_s: 3600 } as const;

let pool: ChildPool<TechniqueTasks>;
let scratch: ScratchFolder;

beforeAll(async () => {
  pool = openChildPool<TechniqueTasks>({ modules: [techniqueTasks], size: 2 });
  scratch = await makeScratchFolder();
});

afterAll(async () => {
  await pool.close();
  await scratch.remove();
});

/** `TensorProto.DataType`. */
const UINT8 = 2;

const same = { models: shippedModels, limits: usualLimits };

function look(path: string, rest: Partial<LookTask> & Pick<LookTask, 'span'>): Promise<LookResult> {
  return pool.run({ task: 'look', path, fileName: 'clip.mp4', ...same, ...rest });
}

/** BlazePose's landmark for each COCO keypoint. */
const blazePoseOf = [0, 2, 5, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28];

test('the squatting woman is seen in every frame, where another model sees her too', async () => {
  const reference: number[][][] = JSON.parse(
    readFileSync(samplePath('squats.reference-landmarks.json'), 'utf8'),
  );
  const { frames, corrupt_frames } = await look(squats, { span: whole });
  expect(frames.map(({ time_s }) => time_s)).toEqual(
    Array.from({ length: 65 }, (_, n) => Math.round(n * 2e5) / 1e6),
  );
  expect(corrupt_frames).toBe(0);
  const distances = frames.flatMap(({ keypoints }, n) =>
    blazePoseOf.map((landmark, joint) => {
      const [x, y] = (reference[n] as number[][])[landmark] as [number, number];
      return Math.hypot((keypoints?.[joint * 3] as number) - x, (keypoints?.[joint * 3 + 1] as number) - y);
    }),
  );
  const mean = distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
  // 60 is what the reference's own test allows MoveNet; 13 was measured here.
  expect(mean).toBeLessThan(20);
});

test('the man who jumps is followed over the woman who walks by, never her', async () => {
  const seen = tally(await look(walkAndJump, { span: whole }));
  expect(seen.woman).toBe(0);
  // Before the low sun he cannot be made out in mid-air: those frames are a gap.
  expect(seen.man).toBeGreaterThan(170);
  expect(seen.man + seen.lost).toBe(230);
});

test('a person out of sight is a gap, even while somebody else is in sight', async () => {
  const looped = scratch.file('looped.mp4');
  loopVideo(walkAndJump, { frames: 400 }, looped);
  const woman = await look(looped, { span: { kind: 'segment', start_s: 4, end_s: 12 } });
  expect(tally(woman)).toMatchObject({ man: 0 });
  expect(tally(woman).woman).toBeGreaterThan(100);
});

test('a person who is somewhere else after a cut is found again, also beside somebody known', async () => {
  const looped = scratch.file('cut.mp4');
  loopVideo(walkAndJump, { frames: 460 }, looped);
  const { appearance } = await look(looped, { span: { kind: 'segment', start_s: 0, end_s: 2 } });
  const { frames } = await look(looped, { span: { kind: 'segment', start_s: 2, end_s: 14 }, appearance });
  const cut = 230 / 30;
  const afterCut = tally({ frames: frames.filter(({ time_s }) => time_s > cut + 0.2 && time_s < cut + 4.5) });
  // Back on the roof he was taken for the woman, who was out of sight just then, and let go for four seconds.
  expect(afterCut.man).toBeGreaterThan(110);
  expect(afterCut.woman).toBe(0);
});

test('told by place and looks whom to follow, a later stretch follows them', async () => {
  const looped = scratch.file('told.mp4');
  loopVideo(walkAndJump, { frames: 400 }, looped);
  const before = await look(looped, { span: { kind: 'segment', start_s: 0, end_s: 2 } });
  const told = { seed: before.followed_last, appearance: before.appearance };
  const after = await look(looped, { span: { kind: 'segment', start_s: 2, end_s: 8 }, ...told });
  expect(tally(after).woman).toBe(0);
  expect(tally(after).man).toBeGreaterThan(90);
  const byLooks = await look(looped, {
    span: { kind: 'segment', start_s: 2, end_s: 4 },
    appearance: told.appearance,
  });
  expect(tally(byLooks)).toEqual({ man: 60, woman: 0, lost: 0 });
});

test('a box drawn around somebody is who is followed', async () => {
  const seed = { x: 1290, y: 530, width: 210, height: 410 };
  const seen = tally(await look(walkAndJump, { span: { kind: 'segment', start_s: 2, end_s: 3 }, seed }));
  expect(seen).toEqual({ man: 0, woman: 30, lost: 0 });
});

test('people at the beginning of a stretch are described', async () => {
  const {
    people_first: people,
    followed_first,
    followed_last,
  } = await look(walkAndJump, {
    span: { kind: 'segment', start_s: 2, end_s: 3 },
  });
  expect(people.length).toBeGreaterThanOrEqual(2);
  for (const { box, score } of people) {
    expect(score).toBeGreaterThan(0);
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(1768.01);
  }
  expect(people[0]?.appearance?.length).toBeGreaterThan(0);
  expect(followed_first).not.toBeNull();
  expect(followed_last).not.toBeNull();
});

test('the same stretch looked at twice gives the same bytes, in whichever process', async () => {
  const span = { kind: 'segment', start_s: 4, end_s: 7 } as const;
  const looks = await Promise.all([look(walkAndJump, { span }), look(walkAndJump, { span })]);
  expect(JSON.stringify(looks[0])).toBe(JSON.stringify(looks[1]));
});

test('a quick look, which computes on two threads, sees in every frame what a deep look sees', async () => {
  const deep = await look(squats, { span: whole });
  const quick = await look(squats, {
    span: { kind: 'samples', times_s: deep.frames.map(({ time_s }) => time_s) },
  });
  expect(JSON.stringify(quick.frames)).toBe(JSON.stringify(deep.frames));
});

test('progress is told while a look is under way', async () => {
  const told: number[] = [];
  await pool.run(
    { task: 'look', path: walkAndJump, fileName: 'clip.mp4', ...same, span: whole },
    { onProgress: ({ frames_done }) => told.push(frames_done) },
  );
  expect(told.length).toBeGreaterThan(1);
  expect(told).toEqual([...told].sort((a, b) => a - b));
});

test('a model file that is not the configured one, or not there, is refused by name and not tried again', async () => {
  const { pose, detector } = shippedModels;
  const refusal = async (file: typeof pose, as: 'pose' | 'detector' = 'pose') => {
    const error: unknown = await look(squats, {
      span: whole,
      models: { ...shippedModels, [as]: file },
    }).catch((reason) => reason);
    expect(error).toBeInstanceOf(ModelUnusable);
    expect(failureOf(error, {})).toMatchObject({ type: 'ModelUnusable', nonRetryable: true });
    return (error as ModelUnusable).message;
  };
  expect(await refusal({ ...pose, sha256: '0'.repeat(64) })).toMatch(
    /movenet-singlepose-lightning\.onnx has SHA-256 [0-9a-f]{64}, but 0{64} was configured.* retry the job/,
  );
  expect(await refusal({ ...pose, path: `${pose.path}.away` })).toMatch(
    /^The model movenet-singlepose-lightning\.onnx\.away cannot be read: it is not there\. Restore the models folder of the worker, then retry the job/,
  );
  expect(await refusal(detector)).toMatch(
    /centernet-coco-512\.onnx cannot be used: it does not give float32 \[1,1,17,3\].* models\/README\.md/,
  );
  expect(await refusal(pose, 'detector')).toMatch(
    /movenet-singlepose-lightning\.onnx cannot be used: it does not give tower_0\/detections/,
  );
  // Pixels of one byte: nothing of ours gives a model those.
  const model = readOnnx(readFileSync(detector.path));
  const [input] = model.graph.input as [OnnxModel['graph']['input'][number]];
  const attribute = [{ name: 'to', type: INT, i: FLOAT }];
  model.graph.node.unshift({ op_type: 'Cast', input: ['bytes'], output: [input.name], attribute });
  Object.assign(input, { name: 'bytes' });
  input.type.tensor_type.elem_type = UINT8;
  const ofBytes = writeOnnx(model);
  const path = scratch.file('bytes.onnx');
  writeFileSync(path, ofBytes);
  expect(
    await refusal({ path, sha256: createHash('sha256').update(ofBytes).digest('hex') }, 'detector'),
  ).toMatch(/bytes\.onnx cannot be used: it does not take int32 or float32 pixels/);
  const sha256 = createHash('sha256').update(readFileSync(squats)).digest('hex');
  expect(await refusal({ path: squats, sha256 })).toMatch(
    /squats\.mp4 cannot be used: onnxruntime cannot run it/,
  );
});
