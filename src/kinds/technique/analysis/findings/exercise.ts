import type { MetricName } from '../metrics/metric.ts';
import type { Repetitions } from '../repetitions.ts';
import type { Thresholds } from '../thresholds.ts';

/** What the shipped heuristics do not fit where a knee bend is repeated, and why. */
const partOfTheExercise: Partial<Record<MetricName, string>> = {
  knee_brace: 'a knee bend repeated twice or more is the exercise, not a front leg that gives way',
  elbow_drop: 'in a repeated knee bend the arms keep the balance and throw nothing',
};

/**
 * Metrics that are given but not judged, with the reason: the heuristics for the front knee and the elbow come from
 * bowling, batting and throwing, and say nothing of squats. Thresholds given for the job are always applied.
 */
export function notJudged(
  repetitions: Repetitions,
  thresholds: Thresholds,
): Partial<Record<MetricName, string>> {
  if ((repetitions.count ?? 0) < 2) return {};
  return Object.fromEntries(
    Object.entries(partOfTheExercise).filter(([name]) => !thresholds.chosen.includes(name as MetricName)),
  );
}
