import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { StoredLook } from '../../../src/activities/technique/deep-files.ts';
import { makeLinkSegments } from '../../../src/activities/technique/link-segments.ts';
import { makeLookAtSegment } from '../../../src/activities/technique/look-at-segment.ts';
import { makePlanDeepPass } from '../../../src/activities/technique/plan-deep-pass.ts';
import { makeTakeQuickLook } from '../../../src/activities/technique/take-quick-look.ts';
import { technique } from '../../../src/domain/kinds/technique.ts';
import { loopVideo } from '../../support/media/loop-video.ts';
import { makeScratchFolder, type ScratchFolder } from '../../support/media/scratch-folder.ts';
import { samplePath } from '../../support/media/shipped.ts';
import { tally } from '../../vision/walk-and-jump.ts';
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
