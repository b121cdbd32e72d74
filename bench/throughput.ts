import { availableParallelism } from 'node:os';
import { type BenchRun, plainSample, sample } from './bench-run.ts';
import { type Clip, makeClip } from './clips.ts';
import { cpuCosts, cpuLimit } from './cpu-limit.ts';
import { type Inferences, inferencesOf } from './inferences.ts';
import { installPeers } from './peers.ts';
import { cpuSeconds } from './process-cpu.ts';
import { runJob } from './run-job.ts';
import type { Section } from './section.ts';
import { type Service, withService } from './service.ts';
import { median, spread } from './statistics.ts';

/** Deep pass, against the most the processor could give and against two plain Python scripts. */
export async function throughput(run: BenchRun): Promise<Section> {
  const frames = run.short ? 230 : 3680;
  const clips = [
    await makeClip(run.cache, { name: `walk-and-jump-${frames}`, sample, frames }),
    await makeClip(run.cache, {
      name: `squats-576-${frames}`,
      sample: plainSample,
      frames,
      size: { width: 576, height: 1024 },
    }),
  ];
  const peers = run.short ? [] : ((await installPeers(run)) ?? []);
  const rows = await withService(run, { worker: true }, async (service) => {
    // Children start and load their models at the first look.
    await runJob(service, clips[0]?.path as string, 'quick');
    const all: string[][] = [];
    for (const clip of clips) all.push(...(await rowsOf(run, service, clip, peers)));
    return all;
  });
  return {
    id: 'throughput',
    title: 'Deep pass: frames a second',
    says: `From the entry of stage \`DEEP\` to *done*: planning, download from the worker's own scratch, decoding, detection, following, linking, measuring, drawing, artifacts and rows. The limit is ${availableParallelism()} cores ÷ (CPU time of decoding + of inference, each measured alone on one thread, the models as their files have them): with one run of the pose model a frame and nothing else, that once more with the model as we [change it](decisions/0004-what-a-frame-costs.md) when it is loaded, and with the runs of both models that the pass made (pose where somebody is in sight, detector where the person is looked for). The Python scripts (\`bench/peers/\`) are timed without their start. Median (range) of ${run.rounds}, in turn.${peers.length === 0 ? ' The Python scripts were left out of this run.' : ''}`,
    head: ['clip', 'what', 'frames/s', 'deep pass ÷ this'],
    rows,
  };
}

async function rowsOf(
  run: BenchRun,
  service: Service,
  clip: Clip,
  peers: Awaited<ReturnType<typeof installPeers>> & object,
): Promise<string[][]> {
  const deep: number[] = [];
  const whole: number[] = [];
  const perFrame: number[] = [];
  const limits: number[] = [];
  const limitsAsLoaded: number[] = [];
  const limitsOfRuns: number[] = [];
  let runs: Inferences = { pose: 0, detector: 0 };
  const byPeer = peers.map(() => [] as number[]);
  for (let round = 1; round <= run.rounds; round++) {
    run.say(`${clip.name}, round ${round} of ${run.rounds}`);
    const costs = await cpuCosts(clip.path);
    const { job, accepted, done, stages, cpuMs } = await deepJob(service, clip);
    runs = await inferencesOf(service, job.id);
    limits.push(cpuLimit(costs, { pose: 1, detector: 0 }));
    limitsAsLoaded.push(cpuLimit({ ...costs, pose_ms: costs.loaded_pose_ms }, { pose: 1, detector: 0 }));
    limitsOfRuns.push(
      cpuLimit(costs, { pose: runs.pose / clip.frames, detector: runs.detector / clip.frames }),
    );
    perFrame.push(cpuMs / clip.frames);
    deep.push((1000 * clip.frames) / (done - (stages.DEEP ?? accepted)));
    whole.push((1000 * clip.frames) / (done - accepted));
    for (const [at, peer] of peers.entries()) byPeer[at]?.push(await peer.framesPerSecond(clip.path));
  }
  const row = (what: string, values: number[]) => [
    clip.name,
    what,
    spread(values, 0),
    values === deep ? '' : (median(deep) / median(values)).toFixed(2),
  ];
  return [
    row('**deep pass, end to end**', deep),
    row('whole job, accepted to done (quick pass too)', whole),
    row(`CPU time it used: ${spread(perFrame, 1)} ms a frame, on all cores`, perFrame.map(framesOnAllCores)),
    row('CPU limit, one pose a frame', limits),
    row('the same with the pose model as it is when loaded', limitsAsLoaded),
    row(
      `CPU limit, ${runs.pose} poses and ${runs.detector} detections in ${clip.frames} frames`,
      limitsOfRuns,
    ),
    ...peers.map(({ name }, at) => row(name, byPeer[at] as number[])),
  ];
}

/** A deep job, and the CPU time worker and children spent on it from the first sign of its deep pass on. */
async function deepJob(service: Service, clip: Clip) {
  const worker = service.workerPid as number;
  let before: number | undefined;
  const finished = await runJob(service, clip.path, 'deep', ({ stage }) => {
    if (stage === 'DEEP') before ??= cpuSeconds(worker);
  });
  return { ...finished, cpuMs: 1000 * (cpuSeconds(worker) - (before ?? Number.NaN)) };
}

function framesOnAllCores(ms: number): number {
  return (1000 * availableParallelism()) / ms;
}
