import { mkdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { CHILD_MIB } from '../../../src/kinds/mri/analysis/models/memory.ts';
import type { LookName, QuickResult } from '../../../src/kinds/mri/child/look-tasks.ts';
import type { MeasureResult } from '../../../src/kinds/mri/child/measure-task.ts';
import { mriLimits, mriTasks } from '../../../src/kinds/mri/child/task-module.ts';
import type { MriTasks } from '../../../src/kinds/mri/child/tasks.ts';
import { readMriModels } from '../../../src/kinds/mri/mri-models.ts';
import { type ChildPool, openChildPool, type RunOptions } from '../../../src/media/child-pool.ts';

/** Children as a worker has them, one at a time, with no more memory than a run plans to take. */
export function openMriPool(): ChildPool<MriTasks> {
  return openChildPool<MriTasks>({
    modules: [mriTasks],
    size: 1,
    limits: { ...mriLimits, memoryMb: CHILD_MIB },
  });
}

export interface SegmentedHead extends MeasureResult {
  quick: QuickResult;
}

export interface SegmentOptions {
  /** The first look at the structures counts as the second one too. */
  again?: boolean;
  onProgress?: (share: number) => void;
  onQuick?: () => void;
}

/** The steps of a job, one after the other. */
export async function segmentHead(
  pool: ChildPool<MriTasks>,
  path: string,
  folder: string,
  { again = false, onProgress, onQuick }: SegmentOptions = {},
): Promise<SegmentedHead> {
  const models = await readMriModels(new URL('../../../models', import.meta.url).pathname);
  await mkdir(folder, { recursive: true });
  const base = { path, fileName: basename(path), threads: 2, folder };
  const options: RunOptions<{ share: number }> = { onProgress: ({ share }) => onProgress?.(share) };
  const quick = await pool.run({ task: 'mriQuick', ...base, model: models.quick }, options);
  onQuick?.();
  const look = async (name: LookName) => {
    const task = { task: 'mriLook' as const, ...base, brainBox: quick.brain_box, model: models[name], name };
    return (await pool.run(task, options)).labels;
  };
  const brain = await look('brain');
  const structures = await look('structures');
  const second = again ? structures : await look('second');
  const labels = { brain, structures, second };
  const task = { task: 'mriMeasure' as const, ...base, brainBox: quick.brain_box, labels, deface: true };
  return { ...(await pool.run(task)), quick };
}
