import type { RunLimits } from '../../../media/child/run-limits.ts';
import { moduleBeside } from '../../../media/child/task-module.ts';

/** `MriTasks`, for a pool's children to import. */
export const mriTasks = {
  sandbox: 'media',
  module: moduleBeside('./tasks', import.meta.url),
} as const;

/**
 * Limits of every run: a model says nothing for as long as it looks at a block, a minute and more on a busy machine. The
 * limit of memory is the sandbox's, whose children hold other kinds' models as well; a run plans to take less.
 */
export const mriLimits: Partial<RunLimits> = {
  stallSeconds: 600,
  silentSeconds: 3600,
};
