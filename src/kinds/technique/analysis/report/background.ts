import { metricTitles } from '../../technique-titles.ts';
import type { TechniqueResult } from '../analyse.ts';
import { type Metric, type MetricName, metricNames } from '../metrics/metric.ts';

/** The chapters behind the story: certainty, figures, and how all of it is meant. */

export function howSure(result: TechniqueResult): string {
  const { signal } = result;
  const lines = measured(result).map(([name, { confidence, samples }]) => {
    const word = confidence >= 0.6 ? 'fairly sure' : confidence >= 0.35 ? 'somewhat sure' : 'not sure';
    return `- **${metricTitles[name]}**: ${word} (confidence ${confidence.toFixed(2)}, ${samples} frames).`;
  });
  if (signal.low_pass) {
    const { cutoff_hz, resampled } = signal.low_pass;
    lines.push(
      `- The movement was smoothed at ${cutoff_hz} Hz (${signal.low_pass.filter})${resampled ? ', on an even time grid because the frames came at uneven times' : ''}; faster trembling is taken for noise.`,
    );
  }
  if (signal.not_filtered) lines.push(`- The movement was not smoothed: ${signal.not_filtered}.`);
  const { bridged, dropped } = signal;
  const replaced = signal.outliers?.replaced ?? 0;
  if (bridged + dropped + replaced > 0) {
    lines.push(
      `- Of the points on the body, ${bridged} were hidden for a moment and filled in, ${replaced} coordinates jumped and were corrected, ${dropped} were seen too briefly to use. What was filled in is not measured.`,
    );
  }
  return lines.join('\n');
}

export function numbers(result: TechniqueResult): string {
  const { thresholds } = result.provenance.parameters as {
    thresholds: Record<MetricName, { medium: number; high: number }>;
  };
  const rows = measured(result).map(([name, metric]) => {
    const { medium, high } = thresholds[name];
    const judged = !(name in result.not_judged);
    const limits = judged ? `${medium} / ${high}` : 'not judged';
    const score = judged ? metric.score : '–';
    const figures = [metric.value, metric.unit, limits, score, metric.confidence, metric.samples];
    return `| ${metricTitles[name]} | ${figures.join(' | ')} |`;
  });
  const repetitions = result.repetitions.items.map(
    ({ start_s, peak_s, end_s, peak_flexion_deg, peak_flexion_side }, i) =>
      `| ${i + 1} | ${start_s.toFixed(2)} | ${peak_s.toFixed(2)} | ${end_s.toFixed(2)} | ${peak_flexion_deg.toFixed(1)} (${peak_flexion_side}) |`,
  );
  return [
    ...table(
      ['metric', 'value', 'unit', 'medium / high from', 'score (0–100)', 'confidence (0–1)', 'frames'],
      rows,
    ),
    ...(rows.length > 0 && repetitions.length > 0 ? [''] : []),
    ...table(['repetition', 'start s', 'deepest s', 'end s', 'larger knee flexion °'], repetitions),
  ].join('\n');
}

export function howToRead({ front_side, metrics }: TechniqueResult): string {
  const side =
    front_side.chosen_by === 'option'
      ? `The front knee is the ${front_side.side} one, as you chose.`
      : `The front knee is taken to be the ${front_side.side} one, the side that seems to face the camera; the option \`front_side\` changes that.`;
  const lines = [
    '- The thresholds are heuristics: rules of thumb that tell where to look first. They are not a diagnosis and do not replace your eye. Each can be changed for a new analysis of the same video.',
    '- One camera sees two dimensions. Angles are those in the picture; what points towards the camera looks shorter than it is. A moving camera spoils what is measured against the ground.',
    "- Lengths are in torso lengths (middle of the shoulders to middle of the hips), so that near and far, tall and small compare. An adult's torso is about half a metre.",
  ];
  if (!('not_measurable' in metrics.knee_brace)) lines.push(`- ${side}`);
  return lines.join('\n');
}

function measured({ metrics }: TechniqueResult): [MetricName, Metric][] {
  return metricNames.flatMap((name): [MetricName, Metric][] => {
    const metric = metrics[name];
    return 'not_measurable' in metric ? [] : [[name, metric]];
  });
}

function table(head: readonly string[], rows: readonly string[]): string[] {
  if (rows.length === 0) return [];
  return [`| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...rows];
}
