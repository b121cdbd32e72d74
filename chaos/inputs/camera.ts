import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { smallSample } from '../../test/support/media/shipped.ts';
import type { ChaosInputs } from '../input.ts';

const leaves = ['processing/watch.json'];
const options = { recorded_at: '2026-07-01T18:00:00.000Z' };

export const camera: ChaosInputs = async () => {
  const clouds = join(import.meta.dirname, '../../test/kinds/camera/clips/brightness-change.avi');
  const walk = readFileSync(smallSample('walk-and-jump.mp4'));
  return [
    {
      name: 'people on a roof',
      file: { name: 'walk-and-jump.mp4', bytes: walk },
      options: { ...options, camera_id: 'roof' },
      ends: 'succeeded',
      leaves,
    },
    {
      name: 'clouds and trees',
      file: { name: 'clouds.avi', bytes: readFileSync(clouds) },
      options,
      ends: 'succeeded',
      leaves,
    },
    {
      name: 'a recording cut off',
      file: { name: 'cut-off.mp4', bytes: walk.subarray(0, Math.floor(walk.length / 2)) },
      options,
      ends: 'failed',
    },
  ];
};
