/**
 * A person facing the camera, hips' middle at (x, y), the trunk `trunk` pixels long; all keypoints seen. Proportions
 * are round numbers for hand calculation, not anatomy.
 */
export function standing(x: number, y: number, trunk: number, score = 0.9): number[] {
  const part = trunk / 100;
  const joints = [
    [0, -150],
    [5, -155],
    [-5, -155],
    [10, -150],
    [-10, -150],
    [40, -100],
    [-40, -100],
    [50, -50],
    [-50, -50],
    [55, 0],
    [-55, 0],
    [20, 0],
    [-20, 0],
    [20, 110],
    [-20, 110],
    [20, 220],
    [-20, 220],
  ] as const;
  return joints.flatMap(([dx, dy]) => [x + dx * part, y + dy * part, score]);
}
