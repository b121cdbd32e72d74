import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { linkName, type StoredEnds, type StoredLook } from '../../../src/activities/technique/deep-files.ts';
import { makeLinkSegments } from '../../../src/activities/technique/link-segments.ts';
import { makeLookAtSegment } from '../../../src/activities/technique/look-at-segment.ts';
import { artifactKey } from '../../../src/domain/artifact.ts';
import { technique } from '../../../src/domain/kinds/technique.ts';
import { endsOf } from '../../../src/kinds/technique/analysis/link-segments.ts';
import type { Box } from '../../../src/kinds/technique/analysis/look.ts';
import { samplePath } from '../../support/media/shipped.ts';
import { newJob, openTechniqueRooms, run, type TechniqueRooms } from './technique-rooms.ts';

let rooms: TechniqueRooms;
beforeAll(async () => {
  rooms = await openTechniqueRooms();
});
afterAll(() => rooms.close());

const left: Box = { x: 100, y: 100, width: 100, height: 300 };
const right: Box = { ...left, x: 700 };

function writeEnds(job_id: string, name: string, n: number, box: Box) {
  const people_first = [left, right].map((one) => ({ box: one, score: 0.9 }));
  const ends = {
    is_following: true,
    people_first,
    followed_first: box,
    followed_last: box,
    appearance: [],
  };
  const file: StoredEnds = { n, ends };
  return rooms.store.put(artifactKey(job_id, 'deep', name), JSON.stringify(file), {
    mediaType: 'application/json',
  });
}

test('linking reads the small file beside each checkpoint only, of a second look the second one', async () => {
  const { job_id, attempt } = newJob();
  const write = (name: string, n: number, box: Box) => writeEnds(job_id, name, n, box);
  await write('link-0000.json', 0, left);
  await write('link-0001.json', 1, right);
  await write('link-0001.r1.json', 1, left);
  const link = (relooked: number[]) =>
    run(makeLinkSegments(rooms), { job_id, attempt, segments: 2, relooked });
  expect(await link([])).toEqual({ relook: [{ n: 1, seed: left, appearance: [] }], gaps: [] });
  expect(await link([1])).toEqual({ relook: [], gaps: [] });
});

test('of many segments that followed somebody else, only so many are asked for at once as an answer may hold', async () => {
  const { job_id, attempt } = newJob();
  const segments = 80;
  await Promise.all(
    Array.from({ length: segments }, (_, n) =>
      writeEnds(job_id, linkName(n, false), n, n % 2 === 0 ? left : right),
    ),
  );
  const { relook } = await run(makeLinkSegments(rooms), { job_id, attempt, segments, relooked: [] });
  expect(relook.map(({ n }) => n)).toEqual(Array.from({ length: 64 }, (_, at) => at + 1));
});

test('a worker lost between the two files of a segment loses nothing and doubles nothing', async () => {
  const job = newJob();
  const segment = { n: 0, start_s: 0, end_s: 1, frames: 5 };
  const given = {
    ...job,
    options: technique.options.parse({}),
    segment,
    frames_total: 5,
    share: { from_pct: 0, to_pct: 1 },
  };
  const needs = rooms.needs(samplePath('squats.mp4'));
  const key = artifactKey(job.job_id, 'deep', 'segment-0000.json');
  let writes = 0;
  const lost = makeLookAtSegment({
    ...needs,
    store: {
      ...rooms.store,
      async put(at, body, options) {
        if (++writes === 2) throw new Error('lost');
        return rooms.store.put(at, body, options);
      },
    },
  });
  await expect(run(lost, given)).rejects.toThrow('lost');
  const lookAtSegment = makeLookAtSegment(needs);
  expect(await run(lookAtSegment, given)).toMatchObject({ n: 0, key, from_checkpoint: false });
  expect(await run(lookAtSegment, given)).toMatchObject({ n: 0, key, from_checkpoint: true });
  const stored: StoredLook = JSON.parse((await rooms.store.get(key)).toString());
  const ends: StoredEnds = JSON.parse(
    (await rooms.store.get(artifactKey(job.job_id, 'deep', 'link-0000.json'))).toString(),
  );
  expect(stored.look.frames).toHaveLength(5);
  expect(ends).toEqual({ n: 0, ends: endsOf(stored.look) });
});
