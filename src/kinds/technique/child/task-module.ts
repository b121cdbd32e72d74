import { moduleBeside } from '../../../media/child/task-module.ts';

/** `TechniqueTasks`, for a pool's children to import. */
export const techniqueTasks = {
  sandbox: 'media',
  module: moduleBeside('./tasks', import.meta.url),
} as const;
