import type { KindApis } from '../api/kind-api.ts';
import { camera } from './camera/api/routes.ts';
import { measurement } from './measurement/api/routes.ts';
import { mri } from './mri/api/routes.ts';
import { scan } from './scan/api/routes.ts';
import { technique } from './technique/api/routes.ts';

/** By the kind's word. A kind that adds nothing to the API need not be here. */
export const kindApis: KindApis = { technique, measurement, scan, camera, mri };
