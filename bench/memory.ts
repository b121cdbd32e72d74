import { type BenchRun, sample } from './bench-run.ts';
import { type Clip, makeClip } from './clips.ts';
import { watchMemory } from './process-memory.ts';
import { runJob } from './run-job.ts';
import type { Section } from './section.ts';
import { withService } from './service.ts';
import { median, spread } from './statistics.ts';

/** Peak memory must not grow with the length of the video. */
export async function memory(run: BenchRun): Promise<Section> {
  const lengths = run.short ? [230, 460] : [230, 3680];
  const peaks = new Map<Clip, number[]>();
  for (const frames of lengths) {
    peaks.set(await makeClip(run.cache, { name: `walk-and-jump-${frames}`, sample, frames }), []);
  }
  for (let round = 1; round <= run.rounds; round++) {
    // A worker of its own each time: what an earlier job left behind would hide what this one needs.
    for (const [clip, found] of peaks) {
      run.say(`${clip.name}, round ${round} of ${run.rounds}`);
      found.push(await peakOf(run, clip));
    }
  }
  const short = median([...peaks.values()][0] ?? []);
  return {
    id: 'memory',
    title: 'Peak memory of a worker and its children',
    says: 'Proportional set size of the worker and all its child processes during one deep job, sampled ten times a second, each job on a fresh worker.',
    head: ['clip', 'frames', 'MiB', '÷ the short clip'],
    rows: [...peaks].map(([{ name, frames }, found]) => [
      name,
      `${frames}`,
      spread(found, 0),
      (median(found) / short).toFixed(2),
    ]),
  };
}

function peakOf(run: BenchRun, clip: Clip): Promise<number> {
  return withService(run, { worker: true }, async (service) => {
    const watched = watchMemory(service.workerPid as number);
    try {
      await runJob(service, clip.path, 'deep');
    } finally {
      watched.stop();
    }
    return watched.stop().peakMb;
  });
}
