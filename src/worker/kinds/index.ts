import type { KindsAtWork } from '../kind-at-work.ts';
import { camera } from './camera.ts';
import { measurement } from './measurement.ts';
import { mri } from './mri.ts';
import { scan } from './scan.ts';
import { technique } from './technique.ts';

/** What each kind brings to a worker, by its word. */
export const kindsAtWork: KindsAtWork = { technique, measurement, scan, camera, mri };
