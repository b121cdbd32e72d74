import type { Section } from './section.ts';

/** What every measure is given. */
export interface BenchRun {
  /** Shorter clips and one round: shows that it works, not how fast. */
  short: boolean;
  /** Each thing compared is measured this many times, in turn. */
  rounds: number;
  /** Kept between runs: clips, the Python environment. */
  cache: string;
  /** Removed afterwards: servers' data. */
  scratch: string;
  say(line: string): void;
}

export type Measure = (run: BenchRun) => Promise<Section>;

/** Two people, one of whom comes and goes: the harder to follow. */
export const sample = new URL('../samples/walk-and-jump.mp4', import.meta.url).pathname;
/** One person, always in view: what a coach films. */
export const plainSample = new URL('../samples/squats.mp4', import.meta.url).pathname;
export const poseModel = new URL('../models/movenet-singlepose-lightning.onnx', import.meta.url).pathname;
export const detector = new URL('../models/centernet-coco-512.onnx', import.meta.url).pathname;
