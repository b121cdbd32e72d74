import { type Finding, type Findings, levels, overallLevel } from '../../finding.ts';
import { type Coverage, coverageLevel, percentSeen } from '../coverage.ts';
import type { Measurements } from '../metrics/measure-all.ts';
import { isMeasured, type Measured, type MetricName, metricNames } from '../metrics/metric.ts';
import type { Repetitions } from '../repetitions.ts';
import { round } from '../rounding.ts';
import { levelOf, type Thresholds } from '../thresholds.ts';
import { exerciseMessage, messageFor } from './wording.ts';
import { worstMoments } from './worst-frames.ts';

export interface Judged {
  measurements: Measurements;
  coverage: Coverage;
  repetitions: Repetitions;
  thresholds: Thresholds;
  /** From `notJudged`. */
  not_judged: Partial<Record<MetricName, string>>;
  /** Seconds of each frame of the sequence. */
  times: Float64Array;
}

/**
 * A finding for each metric that could be measured, the gravest first, and one on how little of the person was
 * seen where that is so. Never empty: where nothing could be measured, that is the finding.
 */
export function judge(judged: Judged): Findings {
  const found = metricNames.flatMap((name) => {
    const measurement = judged.measurements[name];
    return isMeasured<Measured>(measurement) ? [judgeMetric(name, measurement, judged)] : [];
  });
  const seen = judgeCoverage(judged, found.length);
  const findings = [...(seen ? [seen] : []), ...found].sort(
    (a, b) => levels.indexOf(b.level) - levels.indexOf(a.level),
  );
  return { findings, overall_level: overallLevel(findings) };
}

function judgeMetric(name: MetricName, measured: Measured, judged: Judged): Finding {
  const { value, unit } = measured;
  const threshold = judged.thresholds.metrics[name];
  if (name in judged.not_judged) {
    return {
      metric: name,
      level: 'low',
      message: exerciseMessage(name, value, unit, judged.repetitions.count ?? 0),
      evidence: { value, unit, threshold: null, ...worstMoments(measured, threshold, 'low', judged.times) },
    };
  }
  const level = levelOf(value, threshold);
  return {
    metric: name,
    level,
    message: messageFor(name, level, value, unit, threshold.high < threshold.medium),
    evidence: { value, unit, threshold, ...worstMoments(measured, threshold, level, judged.times) },
  };
}

function judgeCoverage({ coverage, thresholds, times }: Judged, metrics: number): Finding | null {
  const percent = percentSeen(coverage);
  const level = coverageLevel(coverage, thresholds.coverage);
  if (level === 'low' && metrics > 0) return null;
  const numbers = `in ${coverage.seen} of ${coverage.frames} frames (${percent} %)`;
  const message =
    level === 'high'
      ? `Too little of the player is seen to measure anything: ${numbers}; at least ${thresholds.coverage.high} % are needed. Film again with the whole body in the picture.`
      : metrics === 0
        ? `None of the five metrics could be measured, though the player is seen ${numbers}. The report says why for each.`
        : `The player is seen only ${numbers}. What happened in the others is not in these findings.`;
  const [start, end] = [times[0], times.at(-1)];
  return {
    metric: 'coverage',
    level: level === 'low' ? 'medium' : level,
    message,
    evidence: {
      value: percent,
      unit: 'percent of frames',
      threshold: thresholds.coverage,
      time_range_s:
        start === undefined || end === undefined ? null : { start: round(start, 6), end: round(end, 6) },
      worst_frames: [],
    },
  };
}
