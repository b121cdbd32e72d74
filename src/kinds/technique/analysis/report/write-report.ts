import { asText } from '../../../../domain/markdown.ts';
import type { Report } from '../../finding.ts';
import type { TechniqueResult } from '../analyse.ts';
import { howSure, howToRead, numbers } from './background.ts';
import { pictures } from './pictures.ts';
import { eachMetric, notMeasured, summary, workOnFirst } from './story.ts';

export interface ReportContext {
  /** As the user named it. */
  file_name: string;
}

/**
 * A report in Markdown for a coach: what was seen, what to work on first, each metric in words, how sure it is, what could not
 * be measured and why, the numbers. `sections` are the same texts one by one.
 */
export function writeReport(result: TechniqueResult, { file_name }: ReportContext): Report {
  const written = [
    { title: 'In short', text: summary(result) },
    { title: 'What to work on first', text: workOnFirst(result) },
    { title: 'What we saw', text: eachMetric(result) },
    { title: 'In pictures', text: pictures(result) },
    { title: 'How sure we are', text: howSure(result) },
    { title: 'What could not be measured', text: notMeasured(result) },
    { title: 'The numbers', text: numbers(result) },
    { title: 'How to read this', text: howToRead(result) },
  ];
  const sections = written.filter(({ text }) => text !== '');
  const look = result.pass === 'quick' ? 'quick look' : 'every frame';
  const heading = `# Technique: ${asText(file_name)} (${look})`;
  return {
    text: `${[heading, ...sections.map(({ title, text }) => `## ${title}\n\n${text}`)].join('\n\n')}\n`,
    overall_level: result.findings.overall_level,
    sections,
  };
}
