import type { Stage } from '../analysis/stage.ts';

/** Every look at a file itself, in the order of results. */
export const stages: readonly Stage[] = [];
