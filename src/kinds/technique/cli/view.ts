import type { KindView } from '../../../cli/kind-view.ts';
import { clock, figure } from '../../../cli/show/numbers.ts';
import { table } from '../../../cli/show/table.ts';
import type { Terminal } from '../../../cli/terminal.ts';
import type { Finding, Level } from '../finding.ts';
import { picturesAt } from '../report-pictures.ts';
import { damageInWords } from '../technique-damage.ts';
import { metricTitles } from '../technique-titles.ts';
import { techniqueAnalyze } from './analyze.ts';
import { deepestPass, type Metric, type TechniqueAnswer, type TechniqueResults } from './answer.ts';

export const techniqueView: KindView = {
  analyze: techniqueAnalyze,
  read: (api, { id }) => api.get(`/api/coaches/plus/analysis-jobs/${encodeURIComponent(id)}`),
  show(terminal, result) {
    const answer = deepestPass(result as TechniqueAnswer);
    if (!answer) return terminal.answer('No findings yet.');
    const { pass, findings, results } = answer;
    terminal.answer(terminal.paint('bold', `Findings of the ${pass} pass`));
    terminal.answer(`overall: ${level(terminal, findings.overall_level)}`);
    terminal.answer(terminal.paint('dim', 'low: leave it; medium: worth a look; high: work on it first'));
    for (const { title, text } of results?.video ? damageInWords(results.video) : []) {
      terminal.answer();
      terminal.answer(`${terminal.paint('yellow', title)} ${text}`);
    }
    for (const finding of findings.findings)
      showFinding(terminal, finding, finding.metric in (results?.not_judged ?? {}));
    if (results) {
      showRepetitions(terminal, results);
      showMetrics(
        terminal,
        results,
        findings.findings.map(({ metric }) => metric),
      );
      showCoverage(terminal, results);
    }
    terminal.answer();
  },
  report(result) {
    const { pass, report } = deepestPass(result as TechniqueAnswer) ?? {};
    return report ? picturesAt(`${pass}/`, report.text) : undefined;
  },
};

const colours = { low: 'green', medium: 'yellow', high: 'red' } as const;

function level(terminal: Terminal, word: Level): string {
  return terminal.paint(colours[word] ?? 'reset', word);
}

/** As the report calls it; a finding may also be about something else than a metric. */
function titleOf(metric: string): string {
  return (metricTitles as Readonly<Record<string, string>>)[metric] ?? metric.replaceAll('_', ' ');
}

function showFinding(
  terminal: Terminal,
  { metric, level: word, message, evidence }: Finding,
  notJudged: boolean,
): void {
  terminal.answer();
  const judged = notJudged ? 'not judged' : level(terminal, word);
  terminal.answer(`  ${terminal.paint('bold', titleOf(metric))} (${judged})`);
  terminal.answer(`  ${message}`);
  const { value, unit, threshold, time_range_s, worst_frames } = evidence;
  const facts: string[] = [];
  if (value !== null) facts.push(`measured ${figure(value)} ${unit}`);
  if (threshold) facts.push(`medium from ${figure(threshold.medium)}, high from ${figure(threshold.high)}`);
  if (time_range_s) facts.push(`between ${clock(time_range_s.start)} and ${clock(time_range_s.end)}`);
  if (worst_frames.length > 0)
    facts.push(`worst at ${worst_frames.map(({ time_s }) => clock(time_s)).join(', ')}`);
  if (facts.length > 0) terminal.answer(terminal.paint('dim', `  ${facts.join('; ')}`));
}

function showRepetitions(
  terminal: Terminal,
  { repetitions, peak_knee_flexion_deg: peak }: TechniqueResults,
): void {
  if (!repetitions) return;
  terminal.answer();
  const { count, not_counted } = repetitions;
  const counted = count === null ? `not counted, ${not_counted ?? 'too little is seen'}` : `${count}`;
  const deepest = peak == null ? '' : `; largest knee flexion ${figure(peak)}°`;
  terminal.answer(`${terminal.paint('bold', 'Repetitions:')} ${counted}${deepest}`);
  repetitions.items.forEach(({ start_s, end_s, peak_s, peak_flexion_deg, peak_flexion_side: side }, at) => {
    const knee = side ? ` (${side} knee)` : '';
    terminal.answer(
      `  ${at + 1}.  ${clock(start_s)} – ${clock(end_s)}, deepest at ${clock(peak_s)} with ${figure(peak_flexion_deg)}°${knee}`,
    );
  });
}

/** @param order of the findings: the database keeps none of the keys of its JSON */
function showMetrics(
  terminal: Terminal,
  { metrics = {}, not_judged = {} }: TechniqueResults,
  order: readonly string[],
): void {
  const entries = Object.entries(metrics).sort(([a], [b]) => rank(order, a) - rank(order, b));
  if (entries.length === 0) return;
  terminal.answer();
  const rows = entries.map(([name, metric]) => [`  ${titleOf(name)}`, ...cellsOf(metric, not_judged[name])]);
  for (const line of table(
    [terminal.paint('bold', '  METRIC'), 'VALUE', 'SCORE', 'CONFIDENCE', 'SAMPLES', ''],
    rows,
  )) {
    terminal.answer(line);
  }
}

function rank(order: readonly string[], name: string): number {
  const at = order.indexOf(name);
  return at < 0 ? order.length : at;
}

function cellsOf(metric: Metric, notJudged: string | undefined): string[] {
  if ('not_measurable' in metric) return ['–', '–', '–', '–', `not measurable: ${metric.not_measurable}`];
  const { value, unit, score, confidence, samples } = metric;
  const why = notJudged === undefined ? '' : `not judged: ${notJudged}`;
  // Beside no threshold that holds here, a score would say what is not known.
  return [`${figure(value)} ${unit}`, why ? '–' : figure(score), figure(confidence), `${samples}`, why];
}

function showCoverage(terminal: Terminal, { coverage }: TechniqueResults): void {
  if (!coverage) return;
  const percent = Math.round(100 * coverage.fraction);
  terminal.answer();
  terminal.answer(`The person was seen in ${coverage.seen} of ${coverage.frames} frames (${percent} %).`);
}
