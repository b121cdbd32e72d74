import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type StoredLook, segmentName } from '../../../src/activities/technique/deep-files.ts';
import { makeLookAtSegment } from '../../../src/activities/technique/look-at-segment.ts';
import { makeMergeSegments } from '../../../src/activities/technique/merge-segments.ts';
import { makePersistPass } from '../../../src/activities/technique/persist-pass.ts';
import { makePlanDeepPass } from '../../../src/activities/technique/plan-deep-pass.ts';
import { artifactKey } from '../../../src/domain/artifact.ts';
import { ObjectChanged } from '../../../src/domain/errors.ts';
import { technique } from '../../../src/domain/kinds/technique.ts';
import type { PersistedPass } from '../../../src/kinds/technique/tables/persist-technique-pass.ts';
import { smallSample } from '../../support/media/shipped.ts';
import { newJob, openTechniqueRooms, run, type TechniqueRooms } from './technique-rooms.ts';

/** What a worker writes that was taken for dead, and was only slow. */

let rooms: TechniqueRooms;
beforeAll(async () => {
  rooms = await openTechniqueRooms();
});
afterAll(() => rooms?.close());

test('segments of one plan are not merged by another one', async () => {
  const needs = rooms.needs(smallSample('walk-and-jump.mp4'));
  const job = newJob();
  const plan = await run(makePlanDeepPass(needs), job);
  // Planned again as before, it is the same plan.
  expect((await run(makePlanDeepPass(needs), job)).plan_sha256).toBe(plan.plan_sha256);
  const late = await run(makePlanDeepPass({ ...needs, segmentFrames: 120 }), job);
  expect(late.segments.length).toBeLessThan(plan.segments.length);
  const options = technique.options.parse({});
  const { plan_sha256 } = plan;
  const merging = run(makeMergeSegments(needs), { ...job, options, plan_sha256, relooked: [], gaps: [] });
  await expect(merging).rejects.toThrow(ObjectChanged);
});

test('a checkpoint that was written over is not merged', async () => {
  const needs = rooms.needs(smallSample('walk-and-jump.mp4'));
  const job = newJob();
  const options = technique.options.parse({});
  const { segments, frames, plan_sha256 } = await run(makePlanDeepPass(needs), job);
  const share = { from_pct: 10, to_pct: 95 };
  const checkpoints: (string | null)[] = [];
  for (const segment of segments) {
    const looking = { ...job, options, segment, frames_total: frames, share };
    const { sha256, key } = await run(makeLookAtSegment(needs), looking);
    checkpoints.push(sha256 ?? null);
    // Taken up again, it is the same checkpoint.
    expect(await run(makeLookAtSegment(needs), looking)).toEqual({
      n: segment.n,
      key,
      sha256,
      from_checkpoint: true,
    });
  }
  const merge = () =>
    run(makeMergeSegments(needs), { ...job, options, plan_sha256, checkpoints, relooked: [], gaps: [] });
  expect((await merge()).summary).toContain('frames show the person');
  const key = artifactKey(job.job_id, 'deep', segmentName(1, false));
  const late: StoredLook = JSON.parse((await rooms.store.get(key)).toString());
  late.look.frames = late.look.frames.map(({ time_s }) => ({ time_s, keypoints: null }));
  await rooms.store.put(key, JSON.stringify(late), { mediaType: 'application/json' });
  await expect(merge()).rejects.toThrow(ObjectChanged);
});

test('the database takes the results, findings and report that the pass wrote, or nothing', async () => {
  const { store } = rooms;
  const { session_id: _, file_name: __, ...job } = newJob();
  const persisted: PersistedPass[] = [];
  const persist = makePersistPass({
    store,
    persistTechniquePass: async (pass) => void persisted.push(pass),
    log: { info() {}, warn() {}, error() {} },
  });
  const put = async (name: string, content: unknown) => {
    const key = `jobs/${job.job_id}/quick/${name}`;
    const media_type = 'application/json';
    const stored = await store.put(key, JSON.stringify(content), { mediaType: media_type });
    return { pass: 'quick', name, key, media_type, ...stored };
  };
  const [results, findings] = [
    await put('quick_results.json', { a: 1 }),
    await put('findings.json', { findings: [] }),
  ];
  const written = {
    artifacts: [results, findings],
    results_key: results.key,
    findings_key: findings.key,
    report_key: null,
    summary: 'nobody was seen',
  };
  await persist({ ...job, pass: 'quick', written });
  expect(persisted).toMatchObject([{ results: { a: 1 }, findings: { findings: [] }, report: null }]);
  await put('findings.json', { findings: ['of another version'] });
  await expect(persist({ ...job, pass: 'quick', written })).rejects.toThrow(ObjectChanged);
  expect(persisted).toHaveLength(1);
});
