import { readFileSync } from 'node:fs';
import { smallSample } from '../../test/support/media/shipped.ts';
import type { ChaosInputs } from '../input.ts';

export const technique: ChaosInputs = async () => {
  const squats = readFileSync(smallSample('squats.mp4'));
  const walk = readFileSync(smallSample('walk-and-jump.mp4'));
  return [
    {
      name: 'squats, quick',
      file: { name: 'squats.mp4', bytes: squats },
      options: { mode: 'quick' },
      ends: 'succeeded',
    },
    { name: 'squats, deep', file: { name: 'squats.mp4', bytes: squats }, ends: 'succeeded' },
    { name: 'walk-and-jump, deep', file: { name: 'walk-and-jump.mp4', bytes: walk }, ends: 'succeeded' },
    // Its index, at the end, is missing.
    {
      name: 'a video cut off',
      file: { name: 'cut-off.mp4', bytes: squats.subarray(0, Math.floor(squats.length / 2)) },
      ends: 'failed',
    },
  ];
};
