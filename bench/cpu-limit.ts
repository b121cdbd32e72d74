import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { poseModel } from './bench-run.ts';

const run = promisify(execFile);
const script = new URL('cpu-per-frame.ts', import.meta.url).pathname;

export interface CpuPerFrame {
  decode_ms: number;
  inference_ms: number;
}

export async function cpuPerFrame(clip: string): Promise<CpuPerFrame> {
  const { stdout } = await run(process.execPath, [script, clip, poseModel]);
  return JSON.parse(stdout) as CpuPerFrame;
}

/** Frames a second that all cores could do if they did nothing but decode and infer. */
export function cpuLimit({ decode_ms, inference_ms }: CpuPerFrame): number {
  return (1000 * availableParallelism()) / (decode_ms + inference_ms);
}
