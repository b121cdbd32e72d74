import { expect, test } from '@jest/globals';
import { findMidline, midlineAt, mirrorOf } from '../../../../src/kinds/mri/analysis/midline.ts';
import { countBySide, splitBySide } from '../../../../src/kinds/mri/analysis/sides.ts';
import { modelLabels, sidedCodes } from '../../../../src/kinds/mri/analysis/structures.ts';
import type { Dimensions } from '../../../../src/kinds/mri/volume/volume.ts';

const size: Dimensions = [100, 90, 96];

/** Three pairs of balls in an ellipsoid, mirrored at a plane through a point with these slopes. */
function head(offset: number, slopeJ: number, slopeK: number): Uint8Array {
  const plane = { offset, slopeJ, slopeK };
  const labels = new Uint8Array(100 * 90 * 96);
  const length = Math.sqrt(1 + slopeJ ** 2 + slopeK ** 2);
  for (let k = 0, at = 0; k < 96; k++) {
    for (let j = 0; j < 90; j++) {
      for (let i = 0; i < 100; i++, at++) {
        // Across, down and along in the head's own frame.
        const across = (i - midlineAt(plane, size, j, k)) / length;
        const [down, along] = [j - 44.5 + slopeJ * across, k - 47.5 + slopeK * across];
        if ((across / 33) ** 2 + (down / 38) ** 2 + (along / 42) ** 2 > 1) continue;
        const ball = (x: number, y: number, z: number, radius: number) =>
          Math.hypot(Math.abs(across) - x, down - y, along - z) < radius;
        labels[at] = ball(12, -10, 8, 9) ? 7 : ball(18, 12, -14, 8) ? 14 : ball(10, -20, -15, 6) ? 3 : 2;
      }
    }
  }
  return labels;
}

test.each([
  [49.5, 0, 0],
  [46, 0.12, -0.07],
  [53, -0.2, 0.15],
])(
  'the plane between the sides is found, off the middle by %p and tilted by %p and %p',
  (offset, slopeJ, slopeK) => {
    const found = findMidline(head(offset, slopeJ, slopeK), size);
    for (const [j, k] of [
      [20, 20],
      [44, 47],
      [70, 75],
    ] as const) {
      expect(
        Math.abs(midlineAt(found, size, j, k) - midlineAt({ offset, slopeJ, slopeK }, size, j, k)),
      ).toBeLessThan(1);
    }
  },
);

test('the mirror image of a mirror image is the voxel, or next to it', () => {
  const mirror = mirrorOf({ offset: 48, slopeJ: 0.1, slopeK: -0.1 }, size);
  const other = mirror(30, 40, 50);
  const back = mirror(other % 100, Math.trunc(other / 100) % 90, Math.trunc(other / 9000));
  expect(Math.abs((back % 100) - 30)).toBeLessThanOrEqual(1);
  expect(mirror(5, 45, 48) % 100).toBeGreaterThan(80);
  expect(mirrorOf({ offset: 90, slopeJ: 0, slopeK: 0 }, size)(10, 5, 5)).toBe(-1);
});

test('left is where the first axis goes, and codes and counts say the same', () => {
  const labels = head(49.5, 0, 0);
  const midline = { offset: 49.5, slopeJ: 0, slopeK: 0 };
  const codes = splitBySide(labels, size, midline);
  const { left, right } = countBySide(labels, size, midline, 17);
  const hippocampus = modelLabels.hippocampus;
  expect(left[hippocampus]).toBe(right[hippocampus]);
  expect(codes.filter((code) => code === sidedCodes.hippocampus.left)).toHaveLength(
    left[hippocampus] as number,
  );
  const first = codes.indexOf(sidedCodes.hippocampus.left) % 100;
  expect(first).toBeGreaterThan(49);
  // A plane beyond the grid puts everything on one side.
  const beyond = countBySide(labels, size, { offset: -20, slopeJ: 0, slopeK: 0 }, 17);
  expect(beyond.right.every((count) => count === 0)).toBe(true);
});
