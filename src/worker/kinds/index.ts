import type { Kind } from '../../domain/kinds/index.ts';
import type { KindAtWork } from './kind-at-work.ts';
import { measurement } from './measurement.ts';
import { technique } from './technique.ts';

/** What each kind brings to a worker, by its word. */
export const kindsAtWork: Readonly<Record<Kind, KindAtWork>> = { technique, measurement };
