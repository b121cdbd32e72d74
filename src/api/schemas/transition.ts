import { z } from 'zod';
import type { Transition } from '../../domain/job.ts';
import { instant, iso } from './answers.ts';

export const transition = z
  .object({
    from: z.string().nullable().describe('Null on the first line.'),
    to: z.string(),
    stage: z.string(),
    why: z.string(),
    at: instant,
  })
  .meta({ id: 'Transition' });

export function viewOfTransition({ from, to, stage, why, at }: Transition): z.infer<typeof transition> {
  return { from, to, stage, why, at: iso(at) };
}
