import { kindRegistry } from '../kind-registry.ts';
import { camera } from './camera.ts';
import { measurement } from './measurement.ts';
import { mri } from './mri.ts';
import { scan } from './scan.ts';
import { technique } from './technique.ts';

/** Every kind there is. The processes hand it in; the shared rooms name none. */
export const kinds = kindRegistry([technique, measurement, scan, camera, mri]);
