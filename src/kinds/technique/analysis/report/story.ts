import type { Level } from '../../finding.ts';
import { damageInWords } from '../../technique-damage.ts';
import { metricTitles } from '../../technique-titles.ts';
import type { TechniqueResult } from '../analyse.ts';
import { sides } from '../angles.ts';
import { percentSeen } from '../coverage.ts';
import { type MetricName, metricNames } from '../metrics/metric.ts';

const overall: Readonly<Record<Level, string>> = {
  low: 'Nothing stands out: leave it as it is.',
  medium: 'Some things are worth a look.',
  high: 'There is something to work on first.',
};

export function summary(result: TechniqueResult): string {
  const { video, coverage, repetitions, findings, knee_peaks } = result;
  const looked =
    result.signal.sampling === 'every_frame'
      ? `All ${coverage.frames} frames were looked at`
      : `${coverage.frames} of ${video.frame_count} frames, spread over the video, were looked at`;
  const lines = [
    `The video is ${seconds(video.duration_s)} long. ${looked}; the player is seen in ${coverage.seen} of them (${percentSeen(coverage)} %).`,
  ];
  lines.push(...damageInWords(video).map(({ title, text }) => `**${title}** ${text}`));
  if (repetitions.count !== null && repetitions.count > 0) {
    const times = repetitions.items.map(({ peak_s }) => seconds(peak_s)).join(', ');
    const both =
      repetitions.count === 1
        ? 'One deep knee bend was'
        : `${repetitions.count} repetitions of a knee bend were`;
    lines.push(`${both} counted, deepest at ${times}.`);
  }
  const peaks = sides.flatMap((side) => {
    const peak = knee_peaks[side];
    return peak ? [`${peak.flexion_deg.toFixed(1)}° on the ${side} (${seconds(peak.time_s)})`] : [];
  });
  if (peaks.length > 0) lines.push(`Largest knee bend: ${listed(peaks)}; 0° is a straight leg.`);
  lines.push(`**${overall[findings.overall_level]}**`);
  return lines.join('\n\n');
}

export function workOnFirst({ findings }: TechniqueResult): string {
  const rank = { high: 0, medium: 1, low: 2 } as const;
  const worth = findings.findings
    .filter(({ level }) => level !== 'low')
    .sort((one, other) => rank[one.level] - rank[other.level]);
  if (worth.length === 0) return 'Nothing that was measured is over a threshold. Keep what you do.';
  return worth
    .map(({ message, evidence }, i) => {
      const when = evidence.worst_frames.map(({ time_s }) => seconds(time_s));
      const look = when.length > 0 ? ` See ${listed(when)}.` : '';
      return `${i + 1}. ${i === 0 ? '**First:**' : 'Then:'} ${message}${look}`;
    })
    .join('\n');
}

export function eachMetric({ findings, not_judged }: TechniqueResult): string {
  return findings.findings
    .filter(({ metric }) => metric in metricTitles)
    .map(({ metric, level, message }) => {
      const judged = metric in not_judged ? 'not judged' : level;
      return `- **${metricTitles[metric as MetricName]}** (${judged}). ${message}`;
    })
    .join('\n');
}

export function notMeasured({ metrics, repetitions }: TechniqueResult): string {
  const reasons = metricNames.flatMap((name) => {
    const metric = metrics[name];
    return 'not_measurable' in metric ? [{ title: metricTitles[name], reason: metric.not_measurable }] : [];
  });
  if (repetitions.not_counted) reasons.push({ title: 'Repetitions', reason: repetitions.not_counted });
  const all = new Set(reasons.map(({ reason }) => reason));
  if (reasons.length > metricNames.length && all.size === 1)
    return `None of the five metrics, nor repetitions: ${[...all][0]}.`;
  return reasons.map(({ title, reason }) => `- **${title}**: ${reason}.`).join('\n');
}

export function seconds(time: number): string {
  return `${time.toFixed(1)} s`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
