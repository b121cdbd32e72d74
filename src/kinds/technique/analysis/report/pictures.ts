import { metricTitles } from '../../technique-titles.ts';
import type { TechniqueResult } from '../analyse.ts';
import type { MetricName } from '../metrics/metric.ts';
import { seconds } from './story.ts';

/** The evidence frames by finding, named as they are stored: beside the report. */
export function pictures({ findings }: TechniqueResult): string {
  return findings.findings
    .flatMap(({ metric, evidence }) => {
      const title = metricTitles[metric as MetricName] ?? metric;
      const drawn = evidence.worst_frames.flatMap(({ time_s, artifact_key }) => {
        const name = artifact_key?.split('/').at(-1);
        return name ? [`![${title} at ${seconds(time_s)}, ${name}](${name})`] : [];
      });
      return drawn.length > 0 ? [`**${title}**\n\n${drawn.join('\n')}`] : [];
    })
    .join('\n\n');
}
