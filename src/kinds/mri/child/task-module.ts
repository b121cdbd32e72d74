import type { RunLimits } from '../../../media/child/run-limits.ts';
import { moduleBeside } from '../../../media/child/task-module.ts';
import { CHILD_MIB } from '../analysis/models/memory.ts';

/** `MriTasks`, for a pool's children to import. */
export const mriTasks = {
  sandbox: 'media',
  module: moduleBeside('./tasks', import.meta.url),
} as const;

/** Limits of every run: a model says nothing for as long as it looks at a block, a minute and more on a busy machine. */
export const mriLimits: Partial<RunLimits> = {
  memoryMb: CHILD_MIB,
  stallSeconds: 600,
  silentSeconds: 3600,
};
