import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { StoredLook } from '../../../src/activities/technique/deep-files.ts';
import { makeLinkSegments } from '../../../src/activities/technique/link-segments.ts';
import { makeLookAtSegment } from '../../../src/activities/technique/look-at-segment.ts';
import { makePlanDeepPass } from '../../../src/activities/technique/plan-deep-pass.ts';
import { makeTakeQuickLook } from '../../../src/activities/technique/take-quick-look.ts';
import type { TechniqueNeeds } from '../../../src/activities/technique/technique-needs.ts';
import { technique } from '../../../src/domain/kinds/technique.ts';
import type { LookResult } from '../../../src/kinds/technique/child/look-task.ts';
import { tally } from '../../kinds/technique/child/walk-and-jump.ts';
import { loopVideo } from '../../support/media/loop-video.ts';
import { makeScratchFolder, type ScratchFolder } from '../../support/media/scratch-folder.ts';
import { samplePath } from '../../support/media/shipped.ts';
import { newJob, openTechniqueRooms, run, type TechniqueRooms } from './technique-rooms.ts';

let rooms: TechniqueRooms;
let scratch: ScratchFolder;
beforeAll(async () => {
  rooms = await openTechniqueRooms();
  scratch = await makeScratchFolder();
});
afterAll(async () => {
  await rooms.close();
  await scratch.remove();
});

const options = technique.options.parse({});
const share = { from_pct: 0, to_pct: 100 };

/** The man jumps twice; at 6 s and at 7.7 s segments begin with only the woman, or her before him, in view. */
const frames_total = 400;

test("segments that begin with somebody else in view follow the quick look's person from the start", async () => {
  const path = scratch.file('twice.mp4');
  loopVideo(samplePath('walk-and-jump.mp4'), { frames: frames_total }, path);
  const needs = rooms.needs(path);
  const job = newJob();
  await run(makeTakeQuickLook(needs), { ...job, options, share });
  const { segments } = await run(makePlanDeepPass(needs), job);
  const seen = { man: 0, woman: 0, lost: 0 };
  for (const segment of segments) {
    const { key } = await run(makeLookAtSegment(needs), { ...job, options, segment, frames_total, share });
    const { look }: StoredLook = JSON.parse((await rooms.store.get(key)).toString());
    for (const [who, frames] of Object.entries(tally(look))) seen[who as keyof typeof seen] += frames;
  }
  expect(seen.woman).toBe(0);
  expect(seen.man).toBeGreaterThan(300);
  const { job_id, attempt } = job;
  const linked = await run(makeLinkSegments(needs), {
    job_id,
    attempt,
    segments: segments.length,
    relooked: [],
  });
  expect(linked).toEqual({ relook: [], gaps: [] });
});

test('told where nobody is, a segment that followed nobody else keeps its look, for half a second of video', async () => {
  const path = scratch.file('once.mp4');
  loopVideo(samplePath('walk-and-jump.mp4'), { frames: 230 }, path);
  const needs = rooms.needs(path);
  const job = newJob();
  await run(makeTakeQuickLook(needs), { ...job, options, share });
  const { segments } = await run(makePlanDeepPass(needs), job);
  const common = { ...job, options, frames_total: 230, share };
  const watched: number[] = [];
  const watching: TechniqueNeeds = {
    ...needs,
    pool: {
      async run(task, how) {
        const result = await needs.pool.run(task, how);
        if (task.task === 'look') watched.push((result as LookResult).frames.length);
        return result;
      },
    },
  };
  const lookAt = async (given: Parameters<ReturnType<typeof makeLookAtSegment>>[0]): Promise<StoredLook> => {
    const { key } = await run(makeLookAtSegment(watching), given);
    return JSON.parse((await rooms.store.get(key)).toString());
  };
  const firsts: StoredLook[] = [];
  for (const segment of segments) firsts.push(await lookAt({ ...common, segment }));
  const appearance = firsts[0]?.look.appearance ?? [];
  const begins = ({ look }: StoredLook) => look.frames.slice(0, 15).some(({ keypoints }) => keypoints);
  const [without, within] = [
    firsts.find((first) => !begins(first)),
    firsts.find((first) => first.look.followed_first),
  ];
  if (!without || !within)
    throw new Error('The clip was to have segments with and without him at the start.');
  watched.length = 0;

  const seed = { x: 20, y: 500, width: 60, height: 100 };
  const kept = await lookAt({ ...common, segment: without.segment, told: { seed, appearance } });
  expect(kept).toEqual(without);
  expect(watched).toEqual([15]);

  await lookAt({
    ...common,
    segment: within.segment,
    told: { seed: within.look.followed_first, appearance },
  });
  expect(watched).toEqual([15, 15, within.segment.frames]);
});
