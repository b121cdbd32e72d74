import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readMriModels } from '../src/kinds/mri/mri-models.ts';
import { samplePath } from '../test/support/media/shipped.ts';
import { openMriPool, segmentHead } from '../test/support/mri/segment-head.ts';
import type { BareHeads } from './bare/run-heads.ts';
import type { BenchRun } from './bench-run.ts';
import { cpuSeconds } from './process-cpu.ts';
import { watchMemory } from './process-memory.ts';
import type { Section } from './section.ts';
import { median, spread } from './statistics.ts';

const script = new URL('bare/run-heads.ts', import.meta.url).pathname;
const modelsFolder = new URL('../models', import.meta.url).pathname;
const THREADS = '2';

/** What the analysis of a head costs beside its models alone. */
export async function headCost(run: BenchRun): Promise<Section> {
  const path = samplePath('head-t1.nii.gz');
  const models = await readMriModels(modelsFolder);
  const all = [models.quick, models.brain, models.structures, models.second].map(({ model }) => model.path);
  const whole = { seconds: [] as number[], cpu: [] as number[], quick: [] as number[], mb: [] as number[] };
  const bare = { seconds: [] as number[], cpu: [] as number[] };
  for (let round = 1; round <= run.rounds; round++) {
    run.say(`round ${round} of ${run.rounds}`);
    const pool = openMriPool();
    const [pid] = pool.pids() as [number];
    const memory = watchMemory(pid);
    const began = performance.now();
    let quickDone = 0;
    const { quick } = await segmentHead(pool, path, join(run.scratch, 'head'), {
      onQuick: () => {
        quickDone = performance.now();
      },
    });
    whole.seconds.push((performance.now() - began) / 1000);
    whole.quick.push((quickDone - began) / 1000);
    whole.cpu.push(cpuSeconds(pid));
    whole.mb.push(memory.stop().peakMb);
    await pool.close();
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...['--no-warnings', script, path, JSON.stringify(quick.brain_box), THREADS, ...all],
    ]);
    const alone = JSON.parse(stdout) as BareHeads;
    bare.seconds.push(alone.seconds);
    bare.cpu.push(alone.cpu_seconds);
  }
  const row = (name: string, some: number[], others: number[]) => [
    name,
    spread(some, 1),
    spread(others, 1),
    (median(some) / median(others)).toFixed(2),
  ];
  return {
    id: 'mri',
    title: 'A head',
    says: `\`samples/head-t1.nii.gz\` in one child process, ${THREADS} threads a model: read, conformed, four models, measured, label maps and pictures written; beside one run of each of the four models alone on the same box. Wanted: at most 1.3 times as long and 10 s, the quick look within 12 s, 2,048 MiB. Peak memory is the proportional set size of the child.`,
    head: ['what', 'analysis', 'bare models', 'analysis ÷ bare'],
    rows: [
      row('seconds', whole.seconds, bare.seconds),
      row('CPU seconds', whole.cpu, bare.cpu),
      ['quick look, seconds', spread(whole.quick, 1), '', ''],
      ['peak memory, MiB', spread(whole.mb, 0), '', ''],
    ],
  };
}
