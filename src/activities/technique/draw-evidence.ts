import type { FrameToDraw } from '../../analysis/technique/findings/frames-to-draw.ts';
import type { DrawnFrame } from '../../vision/tasks.ts';
import { allEnded } from '../all-ended.ts';
import type { TechniqueNeeds } from './technique-needs.ts';

/** Somebody waits for the pictures, and each costs a seek of its own: they are drawn on so many cores where there are. */
const parts = 4;

/** The pictures in the order of `frames`; see `drawFrames` for what is left out. @throws TooLarge, DecoderCrashed */
export async function drawEvidence(
  { pool, limits }: Pick<TechniqueNeeds, 'pool' | 'limits'>,
  { path, fileName, frames }: { path: string; fileName: string; frames: readonly FrameToDraw[] },
  signal: AbortSignal,
): Promise<DrawnFrame[]> {
  const each = Math.ceil(frames.length / parts);
  const drawn = Array.from({ length: parts }, (_, part) => frames.slice(part * each, (part + 1) * each))
    .filter((some) => some.length > 0)
    .map((some) => pool.run({ task: 'draw', path, fileName, limits, frames: some }, { signal }));
  return (await allEnded(drawn)).flat();
}
