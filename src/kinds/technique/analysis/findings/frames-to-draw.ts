import type { Findings } from '../../finding.ts';
import { metricTitles } from '../../technique-titles.ts';
import type { MetricName } from '../metrics/metric.ts';
import { type PoseSequence, SAME_FRAME_S } from '../pose-sequence.ts';
import { inWords } from './wording.ts';

export interface FrameToDraw {
  time_s: number;
  /** 51 numbers as the model gave them; see `LookFrame`. */
  keypoints: number[];
  caption: string;
}

/** Drawing costs a seek and a decode each. */
const MOST_FRAMES = 10;

/**
 * The worst frames of all findings, each once, ascending in time; at most ten, those of the gravest findings and each
 * finding's worst first.
 */
export function framesToDraw({ findings }: Findings, sequence: PoseSequence): FrameToDraw[] {
  const deepest = Math.max(0, ...findings.map(({ evidence }) => evidence.worst_frames.length));
  const ranked = Array.from({ length: deepest }, (_, rank) =>
    findings.flatMap(({ metric, evidence }) => {
      const worst = evidence.worst_frames[rank];
      return worst ? [{ time_s: worst.time_s, words: wordsFor(metric, worst.value, evidence.unit) }] : [];
    }),
  ).flat();
  const chosen: { time_s: number; words: string[] }[] = [];
  for (const { time_s, words } of ranked) {
    const there = chosen.find((frame) => Math.abs(frame.time_s - time_s) <= SAME_FRAME_S);
    if (there) there.words.push(words);
    else if (chosen.length < MOST_FRAMES) chosen.push({ time_s, words: [words] });
  }
  return chosen
    .sort((a, b) => a.time_s - b.time_s)
    .flatMap(({ time_s, words }) => {
      const frame = sequence.frames.find((one) => Math.abs(one.time_s - time_s) <= SAME_FRAME_S);
      if (!frame?.keypoints) return [];
      const keypoints = Array.from(frame.keypoints);
      return [{ time_s, keypoints, caption: `${time_s.toFixed(2)} s  ${words.join(', ')}` }];
    });
}

function wordsFor(metric: string, value: number, unit: string): string {
  const name = metric as MetricName;
  return `${metricTitles[name]} ${inWords(name, value, unit).replace(/ \(.*?\)/, '')}`;
}
