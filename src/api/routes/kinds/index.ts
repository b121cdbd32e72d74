import type { KindApi } from './kind-api.ts';
import { measurement } from './measurement.ts';
import { technique } from './technique.ts';

/** By the kind's word. A kind that adds nothing to the API need not be here. */
export const kindApis: Readonly<Record<string, KindApi>> = { technique, measurement };
