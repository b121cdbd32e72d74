import type { ChaosInputs } from '../input.ts';
import { camera } from './camera.ts';
import { measurement } from './measurement.ts';
import { mri } from './mri.ts';
import { scan } from './scan.ts';
import { technique } from './technique.ts';

/** What each kind contributes to a chaos run, by its word. */
export const chaosInputs: Readonly<Record<string, ChaosInputs>> = {
  technique,
  measurement,
  scan,
  camera,
  mri,
};
