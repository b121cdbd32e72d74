import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { detector, poseModel } from './bench-run.ts';
import type { Inferences } from './inferences.ts';

const run = promisify(execFile);
const script = new URL('cpu-per-frame.ts', import.meta.url).pathname;

/** CPU milliseconds of each alone, on one thread: decoding a frame, one run of each model, as its file has it unless told. */
export interface CpuCosts {
  decode_ms: number;
  pose_ms: number;
  /** Of the pose model as we change it when it is loaded. */
  loaded_pose_ms: number;
  detector_ms: number;
}

export async function cpuCosts(clip: string): Promise<CpuCosts> {
  const { stdout } = await run(process.execPath, [script, clip, poseModel, detector]);
  return JSON.parse(stdout) as CpuCosts;
}

/** Frames a second that all cores could do if they did nothing but decode and infer: so many runs for each frame. */
export function cpuLimit(
  { decode_ms, pose_ms, detector_ms }: Omit<CpuCosts, 'loaded_pose_ms'>,
  each: Inferences,
): number {
  return (1000 * availableParallelism()) / (decode_ms + each.pose * pose_ms + each.detector * detector_ms);
}
