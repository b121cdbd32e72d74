import type { Coverage } from '../coverage.ts';
import { round } from '../rounding.ts';
import { scoreOf, type Thresholds } from '../thresholds.ts';
import { balanceDrift } from './balance-drift.ts';
import { elbowDrop } from './elbow-drop.ts';
import { headStability } from './head-stability.ts';
import { hipShoulderSeparation } from './hip-shoulder-separation.ts';
import { kneeBrace } from './knee-brace.ts';
import {
  isMeasured,
  type Measured,
  type Measurement,
  type Metric,
  type MetricName,
  metricNames,
  type NotMeasurable,
  type Subject,
} from './metric.ts';

const measures: Record<MetricName, (subject: Subject) => Measurement> = {
  head_stability: headStability,
  balance_drift: balanceDrift,
  knee_brace: kneeBrace,
  hip_shoulder_separation: hipShoulderSeparation,
  elbow_drop: elbowDrop,
};

/** Decimals by unit: a tenth of a degree, a thousandth of a torso (half a millimetre). */
const decimals: Readonly<Record<string, number>> = { degrees: 1, 'torso lengths': 3 };

export type Measurements = Record<MetricName, Measurement>;

/** All five, or the same reason for each where there is nothing to measure on. */
export function measureAll(subject: Subject | NotMeasurable): Measurements {
  const entries = metricNames.map((name) => [
    name,
    'not_measurable' in subject ? subject : rounded(measures[name](subject)),
  ]);
  return Object.fromEntries(entries) as Measurements;
}

function rounded(measurement: Measurement): Measurement {
  if (!isMeasured<Measured>(measurement)) return measurement;
  const places = decimals[measurement.unit] ?? 3;
  return {
    ...measurement,
    value: round(measurement.value, places),
    course: measurement.course.map(({ frame, value }) => ({ frame, value: round(value, places) })),
  };
}

export function asMetric(
  name: MetricName,
  measurement: Measurement,
  pose: Subject['pose'],
  coverage: Coverage,
  thresholds: Thresholds,
): Metric | NotMeasurable {
  if (!isMeasured<Measured>(measurement)) return measurement;
  const { value, unit, course, method } = measurement;
  return {
    value,
    unit,
    score: scoreOf(value, thresholds.metrics[name]),
    confidence: confidenceOf(measurement, pose, coverage),
    samples: course.length,
    method,
  };
}

/** Frames from which on more of them make a metric no surer: a second of video at 30 fps. */
const ENOUGH_SAMPLES = 30;
/** A sample of the frames may miss the moment that matters. */
const SAMPLED = 0.8;

/**
 * 0–1: the mean model score of the keypoints used × min(1, samples / 30) × the square root of the share of frames in which
 * the person is seen × 0.8 where only a sample of the frames was looked at. A rule of thumb, for ranking.
 */
function confidenceOf(
  { keypoint_score, course }: Measured,
  pose: Subject['pose'],
  coverage: Coverage,
): number {
  const enough = Math.min(1, course.length / ENOUGH_SAMPLES);
  const sampled = pose.sampling.stride !== null ? 1 : SAMPLED;
  const sure = keypoint_score * enough * Math.sqrt(coverage.fraction) * sampled;
  return round(Math.min(1, Math.max(0, sure)), 2);
}
