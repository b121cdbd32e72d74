import type { Look } from '../../../../src/kinds/technique/analysis/look.ts';

/** The sample's 230 frames at 30 a second, after which a loop begins again. */
const LOOP_SECONDS = 230 / 30;

/**
 * Which of the two people of walk-and-jump a pose is on: the man stands on the roof (hips above y = 520) until
 * he lands on the grass at frame 185, right of x = 850, where the woman never is by then.
 */
function whoIs(time_s: number, keypoints: number[]): 'man' | 'woman' {
  const frame = Math.round((time_s % LOOP_SECONDS) * 30);
  const hipX = ((keypoints[33] as number) + (keypoints[36] as number)) / 2;
  const hipY = ((keypoints[34] as number) + (keypoints[37] as number)) / 2;
  if (frame < 183) return hipY < 520 ? 'man' : 'woman';
  return hipX > 850 ? 'man' : 'woman';
}

/** Frames of a look at walk-and-jump, looped or not, by whom it followed. */
export function tally({ frames }: Pick<Look, 'frames'>): Record<'man' | 'woman' | 'lost', number> {
  const seen = { man: 0, woman: 0, lost: 0 };
  for (const { time_s, keypoints } of frames) seen[keypoints ? whoIs(time_s, keypoints) : 'lost']++;
  return seen;
}
