import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measurement } from '../src/domain/kinds/measurement.ts';
import { measurementTasks } from '../src/kinds/measurement/child/task-module.ts';
import type { MeasurementTasks } from '../src/kinds/measurement/child/tasks.ts';
import { techniqueTasks } from '../src/kinds/technique/child/task-module.ts';
import { readTechniqueModels } from '../src/kinds/technique/technique-models.ts';
import { openChildPool } from '../src/media/child-pool.ts';
import type { BenchRun } from './bench-run.ts';
import { makePhotograph, phone, photographKinds } from './photographs.ts';
import { readProc } from './process-family.ts';
import type { Section } from './section.ts';
import { spread } from './statistics.ts';

const models = new URL('../models', import.meta.url).pathname;
const limits = { pixels: 108_000_000 };
/** Far over what any takes: the peak is to be seen, not cut off. */
const memoryMb = 16 * 1024;

/** What the largest photographs that are let in cost a child, by how they are stored. */
export async function photographMemory(run: BenchRun): Promise<Section> {
  const kinds = run.short ? photographKinds.slice(0, 2) : photographKinds;
  const peaks = new Map<string, { millions: number; mb: number[] }>();
  // The models of another kind are loaded too, as in a worker that serves both.
  const modules = [measurementTasks, { ...techniqueTasks, prepare: await readTechniqueModels(models) }];
  const pool = openChildPool<MeasurementTasks>({ modules, size: 1, limits: { memoryMb } });
  try {
    const [pid] = pool.pids();
    const measure = (path: string, fileName: string) =>
      pool.run({ task: 'measure', path, fileName, options: measurement.options.parse({}), limits });
    // Models and OpenCV are there from now on, as in a worker that has been at work.
    await measure(phone, 'phone');
    for (let round = 1; round <= run.rounds; round++) {
      for (const kind of kinds) {
        run.say(`${kind}, round ${round} of ${run.rounds}`);
        const path = await makePhotograph(join(run.cache, 'photographs'), kind);
        resetPeak(pid as number);
        const { outcome } = await measure(path, kind);
        const found = peaks.get(kind) ?? { millions: 0, mb: [] };
        found.millions = (outcome.image.width * outcome.image.height) / 1e6;
        found.mb.push(peakMb(pid as number));
        peaks.set(kind, found);
      }
    }
  } finally {
    await pool.close();
  }
  return {
    id: 'photographs',
    title: 'Peak memory of a child at the largest photographs',
    says: 'Peak resident memory (`VmHWM`) of one child process with the models loaded, that measures one after the other the largest photographs that are let in. A child of a worker is ended at 3,072 MiB.',
    head: ['photograph', 'million pixels', 'MiB'],
    rows: [...peaks].map(([kind, { millions, mb }]) => [kind, millions.toFixed(0), spread(mb, 0)]),
  };
}

/** proc(5): 5 sets the peak to what is resident now. */
function resetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

function peakMb(pid: number): number {
  return Number(/^VmHWM:\s+(\d+)/m.exec(readProc(`/proc/${pid}/status`) ?? '')?.[1]) / 1024;
}
