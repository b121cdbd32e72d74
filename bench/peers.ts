import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pythonEnvironment } from '../scripts/python-environment.ts';
import { type BenchRun, poseModel } from './bench-run.ts';

const run = promisify(execFile);
const folder = new URL('peers/', import.meta.url).pathname;

export interface Peer {
  name: string;
  /** Frames a second of its loop alone: neither its start nor loading its model is counted. */
  framesPerSecond(clip: string): Promise<number>;
}

/** The Python scripts, in an environment of their own; undefined, with a word, where that cannot be had. */
export async function installPeers({ say }: BenchRun): Promise<Peer[] | undefined> {
  let python: string;
  try {
    python = join(await pythonEnvironment(join(folder, 'requirements.txt'), say), 'python');
  } catch (error) {
    say(`The Python peers could not be installed and are left out: ${(error as Error).message}`);
    return undefined;
  }
  const measured = (name: string, script: string, ...more: string[]): Peer => ({
    name,
    async framesPerSecond(clip) {
      const { stdout } = await run(python, [join(folder, script), clip, ...more], { maxBuffer: 1 << 26 });
      const { frames, seconds } = JSON.parse(lastLine(stdout)) as { frames: number; seconds: number };
      return frames / seconds;
    },
  });
  return [
    measured('MediaPipe Pose, model_complexity=1', 'mediapipe_pose.py'),
    measured('OpenCV + onnxruntime, MoveNet on the whole frame', 'opencv_movenet.py', poseModel),
  ];
}

function lastLine(said: unknown): string {
  const text = said instanceof Error ? (said as { stderr?: string }).stderr || said.message : String(said);
  return text.trim().split('\n').at(-1) ?? '';
}
