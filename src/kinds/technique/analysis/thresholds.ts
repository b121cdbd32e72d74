import type { Level } from '../finding.ts';
import { type MetricName, metricNames } from './metrics/metric.ts';
import { round } from './rounding.ts';
import shipped from './thresholds.json' with { type: 'json' };

/** `high` above `medium`: large values are worse. `high` below `medium`: small ones are. */
export interface Threshold {
  medium: number;
  high: number;
}

export interface RepetitionRules {
  /** Both knees bend at least so far, degrees. */
  smallest_depth_deg: number;
  /** The smaller bend over the larger at the deepest point. */
  smallest_symmetry: number;
  /** From start to end, seconds of real life. */
  shortest_s: number;
}

export interface Thresholds {
  metrics: Record<MetricName, Threshold>;
  /** Percent of frames in which the person is seen; below `high` nothing is measured. */
  coverage: Threshold;
  repetition: RepetitionRules;
  /** Metrics whose thresholds were given for the job, not taken from the shipped file. */
  chosen: MetricName[];
}

/** The shipped heuristics (`thresholds.json`), with those of the options in their place. */
export function thresholdsFor(overrides: Readonly<Partial<Record<MetricName, Threshold>>> = {}): Thresholds {
  const metrics = Object.fromEntries(
    metricNames.map((name) => {
      const { medium, high } = overrides[name] ?? shipped.metrics[name];
      return [name, { medium, high }];
    }),
  ) as Record<MetricName, Threshold>;
  const { medium, high } = shipped.coverage;
  const { smallest_depth_deg, smallest_symmetry, shortest_s } = shipped.repetition;
  return {
    metrics,
    coverage: { medium, high },
    repetition: { smallest_depth_deg, smallest_symmetry, shortest_s },
    chosen: metricNames.filter((name) => overrides[name] !== undefined),
  };
}

export function levelOf(value: number, { medium, high }: Threshold): Level {
  const worse = (limit: number) => (high >= medium ? value >= limit : value <= limit);
  return worse(high) ? 'high' : worse(medium) ? 'medium' : 'low';
}

/** How bad a value is: 0 at the medium threshold, 1 at the high one, linear beyond both. */
export function severity(value: number, { medium, high }: Threshold): number {
  return high === medium ? Math.sign(value - medium) : (value - medium) / (high - medium);
}

/**
 * 0–100: 67 at the medium threshold, 33 at the high one, on a straight line between and beyond, held at the
 * ends. A translation of the value for people who like marks; it says nothing that the value does not.
 */
export function scoreOf(value: number, threshold: Threshold): number {
  return round(Math.min(100, Math.max(0, 67 - 34 * severity(value, threshold))), 0);
}
