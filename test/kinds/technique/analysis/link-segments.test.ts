import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  endsOf,
  type LookEnds,
  type LookedSegment,
  linkSegments,
} from '../../../../src/kinds/technique/analysis/link-segments.ts';
import type { Box, Detection, Look } from '../../../../src/kinds/technique/analysis/look.ts';
import {
  APPEARANCE_NUMBERS,
  BINS,
  COLOURS,
} from '../../../../src/kinds/technique/analysis/tracking/describe-appearance.ts';
import { keypointsOf } from './stick-figure.ts';

/** Someone all in one colour, told by its number. */
function clothes(colour: number): number[] {
  const numbers = new Array<number>(APPEARANCE_NUMBERS).fill(0);
  for (let part = 0; part < APPEARANCE_NUMBERS; part += BINS) {
    numbers[part + colour] = 1;
    numbers[part + COLOURS] = 1;
  }
  return numbers;
}

const left: Box = { x: 100, y: 100, width: 100, height: 300 };
const right: Box = { x: 700, y: 100, width: 100, height: 300 };
const player: Detection = { box: left, score: 0.9, appearance: clothes(3) };
const umpire: Detection = { box: right, score: 0.8, appearance: clothes(20) };

function look(followed: Detection | null, over: Partial<Look> = {}): LookEnds {
  return endsOf({
    frames: [{ time_s: 0, keypoints: followed ? keypointsOf({}) : null }],
    decoded_frames: 1,
    corrupt_frames: 0,
    people_first: [player, umpire],
    followed_first: followed?.box ?? null,
    followed_last: followed?.box ?? null,
    appearance: followed?.appearance ?? [],
    ...over,
  });
}

const segments = (...looks: (LookEnds | [LookEnds])[]): LookedSegment[] =>
  looks.map((one, n) => (Array.isArray(one) ? { n, look: one[0], relooked: true } : { n, look: one }));

test('the same person all along: nothing to do, in whatever order the looks came', () => {
  const whole = segments(look(player), look(player), look(player));
  expect(linkSegments(whole)).toEqual({ relook: [], gaps: [] });
  expect(linkSegments([...whole].reverse())).toEqual({ relook: [], gaps: [] });
});

test('a segment that followed the umpire is looked at again, with the player as its seed', () => {
  expect(linkSegments(segments(look(player), look(umpire), look(player)))).toEqual({
    relook: [{ n: 1, seed: left, appearance: player.appearance }],
    gaps: [],
  });
});

test('after the second look all is linked', () => {
  expect(linkSegments(segments(look(player), [look(player)], look(player)))).toEqual({
    relook: [],
    gaps: [],
  });
});

test('all that followed the umpire are looked at again together; what a second look changes is judged then', () => {
  const looks = segments(look(player), look(umpire), look(umpire), look(player));
  expect(linkSegments(looks).relook).toEqual([
    { n: 1, seed: left, appearance: player.appearance },
    { n: 2, seed: left, appearance: player.appearance },
  ]);
  const second = segments(look(player), [look(player)], [look(player)], look(umpire));
  expect(linkSegments(second).relook).toMatchObject([{ n: 3 }]);
});

test('a player lost at the end is found again by the clothes, wherever they are now', () => {
  const lost = look(player, { followed_last: null });
  const elsewhere = { ...player, box: { ...right, x: 400 } };
  expect(linkSegments(segments(lost, look(elsewhere))).relook).toEqual([]);
});

test('a player who left is a gap, not a jump to whoever stays', () => {
  const gone = look(player, { followed_last: null });
  const alone = look(umpire, { people_first: [umpire] });
  expect(linkSegments(segments(gone, alone)).relook).toEqual([
    { n: 1, seed: null, appearance: player.appearance },
  ]);
  expect(linkSegments(segments(gone, [alone], look(player)))).toEqual({ relook: [], gaps: [1] });
});

test('two people with the same clothes are told apart by where they stand', () => {
  const twin = { ...umpire, appearance: player.appearance };
  const both = { people_first: [player, twin] };
  expect(linkSegments(segments(look(player, both), look(twin, both))).relook).toEqual([
    { n: 1, seed: left, appearance: player.appearance },
  ]);
});

test('without any description of clothes place alone decides', () => {
  const bare = ({ box, score }: Detection): Detection => ({ box, score });
  const people = { people_first: [bare(player), bare(umpire)] };
  expect(linkSegments(segments(look(bare(player), people), look(bare(player), people))).relook).toEqual([]);
  expect(linkSegments(segments(look(bare(player), people), look(bare(umpire), people))).relook).toEqual([
    { n: 1, seed: left, appearance: [] },
  ]);
});

test('nobody in the first segments: whoever comes first is the person', () => {
  expect(linkSegments(segments(look(null), look(null), look(player), look(umpire))).relook).toMatchObject([
    { n: 3 },
  ]);
});

test('a player in sight one frame before is missed, not gone: looked for once more where they stood', () => {
  const nobodySeen = look(null, { people_first: [] });
  expect(linkSegments(segments(look(player), nobodySeen)).relook).toEqual([
    { n: 1, seed: left, appearance: player.appearance },
  ]);
  expect(linkSegments(segments(look(player), [nobodySeen], look(player)))).toEqual({ relook: [], gaps: [] });
});

test('a segment in which nobody is followed after the player was lost breaks nothing', () => {
  const lost = look(player, { followed_last: null });
  expect(linkSegments(segments(lost, look(null), look(player)))).toEqual({ relook: [], gaps: [] });
});

test('whatever is followed, it ends after at most one more look a segment', () => {
  const anyone = fc.constantFrom(player, umpire, null);
  fc.assert(
    fc.property(fc.array(fc.tuple(anyone, anyone, fc.boolean()), { minLength: 1, maxLength: 12 }), (plan) => {
      const looks: LookedSegment[] = plan.map(([first, , lost], n) => ({
        n,
        look: look(first, lost ? { followed_last: null } : {}),
      }));
      let rounds = 0;
      for (let links = linkSegments(looks); links.relook.length > 0; links = linkSegments(looks)) {
        for (const { n } of links.relook) {
          expect(looks[n]?.relooked).toBeUndefined();
          looks[n] = { n, relooked: true, look: look(plan[n]?.[1] ?? null) };
        }
        expect(++rounds).toBeLessThan(plan.length);
      }
    }),
    { numRuns: 200 },
  );
});
