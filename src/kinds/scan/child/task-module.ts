import { moduleBeside } from '../../../media/child/task-module.ts';

/** `ScanTasks`, for a pool's children to import. */
export const scanTasks = {
  sandbox: 'small',
  module: moduleBeside('./tasks', import.meta.url),
} as const;
