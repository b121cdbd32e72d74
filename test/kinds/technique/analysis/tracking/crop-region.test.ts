import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  cropAround,
  squareAround,
  torsoVisible,
} from '../../../../../src/kinds/technique/analysis/tracking/crop-region.ts';
import { standing } from './standing.ts';

test('the crop is centred on the hips and holds 1.9 × the torso and 1.2 × the body', () => {
  // Hips at (500, 500); shoulders 100 above, 40 aside; ankles 220 below; nose 150 above.
  const crop = cropAround(standing(500, 500, 100), 1000, 1000);
  // Torso reach 100 × 1.9 = 190; body reach 220 × 1.2 = 264: the larger, on each side of the centre.
  expect(crop).toEqual({ x: 236, y: 236, side: 528 });
});

test('limbs that are not seen have no say in the crop', () => {
  const keypoints = standing(500, 500, 100);
  for (const joint of [13, 14, 15, 16]) keypoints[joint * 3 + 2] = 0.19;
  // Without legs the nose reaches furthest, 150 × 1.2 = 180; the torso calls for more.
  expect(cropAround(keypoints, 1000, 1000)?.side).toBe(380);
});

test('a person who fills the frame gets the whole of it', () => {
  expect(cropAround(standing(360, 640, 400), 720, 1280)).toEqual({ x: -280, y: 0, side: 1280 });
});

test('without a shoulder or a hip there is no crop to follow', () => {
  const keypoints = standing(500, 500, 100);
  expect(torsoVisible(keypoints)).toBe(true);
  for (const joint of [5, 6]) keypoints[joint * 3 + 2] = 0.2;
  expect(torsoVisible(keypoints)).toBe(false);
  expect(cropAround(keypoints, 1000, 1000)).toBeNull();
});

test('every keypoint that counts lies within the crop', () => {
  const coordinate = fc.double({ min: 0, max: 1000, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(coordinate, coordinate), { minLength: 17, maxLength: 17 }), (joints) => {
      const crop = cropAround(
        joints.flatMap(([x, y]) => [x, y, 0.9]),
        1000,
        1000,
      );
      if (!crop) throw new Error('a torso that is seen gives a crop');
      const slack = 1e-9 * crop.side + 1e-9;
      for (const [x, y] of joints) {
        expect(x).toBeGreaterThanOrEqual(crop.x - slack);
        expect(x).toBeLessThanOrEqual(crop.x + crop.side + slack);
        expect(y).toBeGreaterThanOrEqual(crop.y - slack);
        expect(y).toBeLessThanOrEqual(crop.y + crop.side + slack);
      }
    }),
  );
});

test('a detected box is squared about its middle with room to spare', () => {
  expect(squareAround({ x: 100, y: 100, width: 40, height: 80 })).toEqual({ x: 70, y: 90, side: 100 });
});

test('someone close, aside of the middle, is looked for in the whole frame, padded to a square', () => {
  expect(cropAround(standing(1100, 540, 500), 1920, 1080)).toEqual({ x: 0, y: -420, side: 1920 });
});
