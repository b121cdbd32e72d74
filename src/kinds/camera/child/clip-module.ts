import { moduleBeside } from '../../../media/child/task-module.ts';

/** `ClipTasks`, for a pool's child to import. */
export const clipModule = { module: moduleBeside('./clip-tasks', import.meta.url) };
