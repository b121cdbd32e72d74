import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeLinkSegments } from '../../../src/activities/technique/link-segments.ts';
import { makeLookAtSegment } from '../../../src/activities/technique/look-at-segment.ts';
import { makeMergeSegments } from '../../../src/activities/technique/merge-segments.ts';
import { makePlanDeepPass } from '../../../src/activities/technique/plan-deep-pass.ts';
import { makeReanalyse } from '../../../src/activities/technique/reanalyse.ts';
import { makeTakeQuickLook } from '../../../src/activities/technique/take-quick-look.ts';
import type { TechniqueNeeds } from '../../../src/activities/technique/technique-needs.ts';
import type { WrittenPass } from '../../../src/activities/technique/write-pass.ts';
import { findJob } from '../../../src/database/jobs/find-job.ts';
import { retryJob } from '../../../src/database/jobs/retry-job.ts';
import { transitionJob } from '../../../src/database/jobs/transition-job.ts';
import type { Job } from '../../../src/domain/job.ts';
import { type TechniquePass, technique } from '../../../src/domain/kinds/technique.ts';
import { persistTechniquePass } from '../../../src/kinds/technique/tables/persist-technique-pass.ts';
import { runningJob, step } from '../../database/jobs.ts';
import { loopVideo } from '../../support/media/loop-video.ts';
import { makeScratchFolder, type ScratchFolder } from '../../support/media/scratch-folder.ts';
import { smallSample } from '../../support/media/shipped.ts';
import { openRooms, type Rooms } from '../maintenance/rooms.ts';
import { newJob, openTechniqueRooms, run, type TechniqueRooms } from './technique-rooms.ts';

let upkeep: Rooms;
let rooms: TechniqueRooms;
let scratch: ScratchFolder;
let needs: TechniqueNeeds;
beforeAll(async () => {
  [upkeep, rooms, scratch] = await Promise.all([
    openRooms('swept-checkpoints'),
    openTechniqueRooms(),
    makeScratchFolder(),
  ]);
  const path = scratch.file('clip.mp4');
  loopVideo(smallSample('walk-and-jump.mp4'), { frames: 80 }, path);
  needs = { ...rooms.needs(path), store: upkeep.store };
});
afterAll(async () => {
  await rooms?.close();
  await upkeep?.close();
  await scratch?.remove();
});

const options = technique.options.parse({});
const share = { from_pct: 0, to_pct: 100 };

/** Everything counts as old. */
const sweep = () => upkeep.run(upkeep.activities.sweepOrphans, { grace_hours: -1, upload_grace_hours: -1 });

async function persist(
  job: Job,
  pass: TechniquePass,
  { artifacts, results_key }: WrittenPass,
): Promise<void> {
  await persistTechniquePass(upkeep.database, {
    ...step(job),
    ...{ pass, artifacts, results_s3_key: results_key, results: null, findings: null, report: null },
  });
}

async function lookAtAll(job: Job) {
  const given = { ...newJob(), ...step(job), options };
  const { segments } = await run(makePlanDeepPass(needs), given);
  const looks = [];
  for (const segment of segments)
    looks.push(await run(makeLookAtSegment(needs), { ...given, segment, frames_total: 80, share }));
  return looks;
}

test('a swept failed job goes on from its checkpoints; swept when it is done, it can be analysed again', async () => {
  const { database } = upkeep;
  const first = await runningJob(database);
  const given = { ...newJob(), ...step(first), options };
  await persist(first, 'quick', await run(makeTakeQuickLook(needs), { ...given, share }));
  const looks = await lookAtAll(first);
  expect(looks.length).toBeGreaterThan(1);
  await transitionJob(database, { ...step(first), to: 'failed', stage: 'FAILED', why: 'a test' });
  await sweep();

  const retried = await retryJob(database, first.job_id, { by: 'coach-7' });
  const second = await transitionJob(database, {
    ...step(retried),
    to: 'processing',
    stage: 'DEEP',
    why: 'a test',
  });
  expect((await lookAtAll(second)).map(({ from_checkpoint }) => from_checkpoint)).toEqual(
    looks.map(() => true),
  );
  const linked = { ...step(second), segments: looks.length, relooked: [] };
  const { gaps } = await run(makeLinkSegments(needs), linked);
  const merged = await run(makeMergeSegments(needs), { ...given, ...step(second), relooked: [], gaps });
  await persist(second, 'deep', merged);
  await transitionJob(database, { ...step(second), to: 'done', stage: 'DONE', why: 'a test' });

  await sweep();
  expect(await upkeep.keys(`jobs/${first.job_id}/deep/segment-`)).toEqual([]);
  const reanalyse = makeReanalyse({ ...needs, findJob: (id) => findJob(database, id) });
  const again = { ...newJob(), user_id: 'coach-7', options: { ...options, source_job_id: first.job_id } };
  expect(await run(reanalyse, again)).toMatchObject({ summary: merged.summary });
});
