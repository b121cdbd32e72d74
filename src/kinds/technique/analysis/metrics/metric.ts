import { techniqueMetrics } from '../../../../domain/kinds/technique.ts';
import type { FrontSide } from '../body.ts';
import type { CleanPose } from '../signal/clean-pose.ts';

export const metricNames = techniqueMetrics;

export type MetricName = (typeof metricNames)[number];

/** What the metrics are measured on. */
export interface Subject {
  pose: CleanPose;
  /** Pixels; see `torsoLength`. */
  torso: number;
  front: FrontSide;
}

/** One metric's number, and its course from which the worst moments are read. */
export interface Measured {
  value: number;
  unit: string;
  /** The frames the value comes from, ascending, and what the metric was there, in the metric's unit. */
  course: { frame: number; value: number }[];
  /** Mean model score of the keypoints used in those frames, 0–1. */
  keypoint_score: number;
  /** How it was measured, in a sentence. */
  method: string;
}

export interface NotMeasurable {
  not_measurable: string;
}

export type Measurement = Measured | NotMeasurable;

export function isMeasured<M extends object>(metric: M | NotMeasurable): metric is M {
  return !('not_measurable' in metric);
}

/** A metric as the result shows it. */
export interface Metric {
  value: number;
  unit: string;
  /** 0–100, higher is better; see `scoreOf`. */
  score: number;
  /** 0–1; see `confidenceOf`. */
  confidence: number;
  /** Frames the value comes from. */
  samples: number;
  method: string;
}

/** Frames a metric needs: a third of a second at 30 fps; of a sample spread over the video, half of that. */
export function fewestSamples(pose: CleanPose): number {
  return pose.sampling.stride !== null ? 10 : 5;
}
