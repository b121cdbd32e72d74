import { moduleBeside } from '../../../media/child/task-module.ts';

/** `MeasurementTasks`, for a pool's children to import. */
export const measurementTasks = {
  sandbox: 'media',
  module: moduleBeside('./tasks', import.meta.url),
} as const;
