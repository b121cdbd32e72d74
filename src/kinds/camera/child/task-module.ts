import { moduleBeside } from '../../../media/child/task-module.ts';

/** `CameraTasks`, for a pool's children to import. */
export const cameraTasks = {
  sandbox: 'media',
  module: moduleBeside('./tasks', import.meta.url),
} as const;
