import { setTimeout as pause } from 'node:timers/promises';
import { jobPath } from '../src/cli/job-view.ts';
import type { TechniqueAnswer } from '../src/kinds/technique/cli/answer.ts';
import { type BenchRun, sample } from './bench-run.ts';
import { makeClip } from './clips.ts';
import { submit } from './run-job.ts';
import type { Section } from './section.ts';
import { type Service, withService } from './service.ts';
import { spread } from './statistics.ts';

/** Asking costs the service's own cores. */
const LOOK_EVERY_MS = 50;
const GIVE_UP_MS = 120_000;

/** How long a coach waits for the first words about a two-minute clip. */
export async function firstFindings(run: BenchRun): Promise<Section> {
  const frames = run.short ? 230 : 3600;
  const size = { width: 1280, height: 720 };
  const clip = await makeClip(run.cache, { name: `walk-and-jump-720p-${frames}`, sample, frames, size });
  const [cold, warm] = await withService(run, { worker: true }, async (service) => {
    const first = await waitFor(service, clip.path);
    const later: number[] = [];
    for (let round = 1; round <= run.rounds + 2; round++) later.push(await waitFor(service, clip.path));
    return [[first], later];
  });
  const row = (what: string, seconds: number[]) => [
    what,
    spread(seconds, 2),
    (5 / Math.max(...seconds)).toFixed(1),
  ];
  return {
    id: 'first-findings',
    title: 'First findings of a quick pass',
    says: `From the server's answer to the upload until \`quick_findings\` can be read, for ${frames} frames of 1280×720 H.264 (${(frames / 30).toFixed(0)} s, a keyframe every two seconds), on an otherwise idle service.`,
    head: ['worker', 'seconds', '5 s ÷ slowest'],
    rows: [row('just started: children and models load', cold), row('warm', warm)],
  };
}

async function waitFor(service: Service, clip: string): Promise<number> {
  const { id } = await submit(service, clip, 'quick');
  const accepted = performance.now();
  for (;;) {
    const answer = await service.api.get<TechniqueAnswer>(`/api/coaches/plus/analysis-jobs/${id}`);
    if (answer.quick_findings) break;
    if (performance.now() - accepted > GIVE_UP_MS) throw new Error(`No quick findings of job ${id}`);
    await pause(LOOK_EVERY_MS);
  }
  const seconds = (performance.now() - accepted) / 1000;
  await untilEnded(service, id);
  return seconds;
}

/** The children must be idle again before the next round. */
async function untilEnded(service: Service, id: string): Promise<void> {
  for (;;) {
    const { phase } = await service.api.get<{ phase: string }>(jobPath(id));
    if (phase !== 'running' && phase !== 'queued') return;
    await pause(100);
  }
}
