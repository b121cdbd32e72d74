/** The models of a head and nothing else: one run each on the brain's box, in a process of their own. Prints JSON. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { voxelCount } from '../../src/kinds/mri/analysis/grid/box.ts';
import { inBox, openHead } from '../../src/kinds/mri/child/conformed-head.ts';

/** Seconds of the clock and of all cores, of all runs together. */
export interface BareHeads {
  seconds: number;
  cpu_seconds: number;
}

const [path, brainBox, threads, ...models] = process.argv.slice(2) as [string, string, string, ...string[]];
const head = await openHead(path, path);
const bare: BareHeads = { seconds: 0, cpu_seconds: 0 };
for (const [n, model] of models.entries()) {
  // The first one is the quick look's: it sees the whole head.
  const { data, dimensions } = inBox(head.volume, n === 0 ? head.head : JSON.parse(brainBox));
  const session = await InferenceSession.create(model, {
    intraOpNumThreads: Number(threads),
    enableCpuMemArena: false,
    enableMemPattern: false,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  // The values in their own order cost as much as in the models'.
  const input = Float32Array.from(data.subarray(0, voxelCount(dimensions)), (value) => value / 255);
  const began = { clock: performance.now(), cpu: process.cpuUsage() };
  await session.run({ volume: new Tensor('float32', input, [1, 1, ...dimensions]) });
  const { user, system } = process.cpuUsage(began.cpu);
  bare.seconds += (performance.now() - began.clock) / 1000;
  bare.cpu_seconds += (user + system) / 1e6;
  await session.release();
}
process.stdout.write(JSON.stringify(bare));
