import type { FrameToDraw } from '../../kinds/technique/analysis/findings/frames-to-draw.ts';
import type { DrawnFrame } from '../../kinds/technique/child/draw-task.ts';
import { allEnded } from '../all-ended.ts';
import type { TechniqueNeeds } from './technique-needs.ts';

/** Each picture costs a seek, and somebody waits: they are drawn on so many cores where there are, in equal shares. */
const parts = 4;

/** The pictures in the order of `frames`; see `drawFrames` for what is left out. @throws TooLarge, DecoderCrashed */
export async function drawEvidence(
  { pool, limits }: Pick<TechniqueNeeds, 'pool' | 'limits'>,
  { path, fileName, frames }: { path: string; fileName: string; frames: readonly FrameToDraw[] },
  signal: AbortSignal,
): Promise<DrawnFrame[]> {
  const start = (part: number) => Math.round((part * frames.length) / parts);
  const drawn = Array.from({ length: parts }, (_, part) => frames.slice(start(part), start(part + 1)))
    .filter((some) => some.length > 0)
    .map((some) => pool.run({ task: 'draw', path, fileName, limits, frames: some }, { signal }));
  return (await allEnded(drawn)).flat();
}
