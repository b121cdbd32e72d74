import { asText } from '../../../domain/markdown.ts';
import type { CutResult } from '../analysis/cut-to-fit.ts';
import type { Finding } from '../analysis/findings.ts';
import type { ScannedNode, StageRow, Verdict } from '../analysis/result.ts';

const meaning: Readonly<Record<Verdict, string>> = {
  clean: 'Nothing was found, and everything in it was looked at.',
  unknown: 'Nothing was found in what was looked at, but not everything could be.',
  suspicious: 'It holds what harmless files hardly ever hold. Do not open it before somebody has looked.',
  malicious: 'It holds what is known to do harm. Do not open it.',
};

const MOST_FINDINGS = 100;
const MOST_FILES = 200;

/** The result for people: what was found, and as loudly what was not looked at. */
export function scanReport(result: CutResult): string {
  const findings = result.stages
    .flatMap((stage) => stage.findings)
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score);
  return [
    `# ${asText(result.tree.name)}: ${result.verdict}`,
    `**${result.verdict}**, score ${result.score} of 1000. ${meaning[result.verdict]}`,
    ...(result.truncated ? ['This report is cut. The whole result is the file `scanning/result.json`.'] : []),
    ...strongest(findings),
    ...notLookedAt(result),
    ...allFindings(findings),
    '## What is in it',
    tree(result.tree),
    ...facts(result.stages),
    '## Stages',
    stageTable(result.stages),
  ].join('\n\n');
}

function strongest(findings: readonly Finding[]): string[] {
  const three = findings.filter((one, n) => findings.findIndex(({ id }) => id === one.id) === n).slice(0, 3);
  if (three.length === 0) return [];
  return ['## The strongest reasons', three.map((finding) => `- ${sentence(finding)}`).join('\n')];
}

function sentence({ title, where, evidence }: Finding): string {
  const at = where.offset === undefined ? '' : ` at byte ${where.offset}`;
  const shown = evidence ? `: ${asText(defanged(evidence)).replace(/\.$/, '')}` : '';
  return `${title}, in ${asText(where.path)}${at}${shown}.`;
}

function notLookedAt({ stages, limits }: CutResult): string[] {
  const lines = [
    ...limits.map(
      ({ name, value, path }) => `- The limit \`${name}\` of ${value} was reached in ${asText(path)}.`,
    ),
    ...stages.flatMap(({ name, reasons }) =>
      [...new Set(reasons)].slice(0, 20).map((reason) => `- ${name}: ${asText(defanged(reason))}`),
    ),
  ];
  return lines.length === 0 ? [] : ['## What was not looked at', lines.join('\n')];
}

function allFindings(findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  const rows = findings.slice(0, MOST_FINDINGS).map(({ id, title, score, where, attack }) => {
    const at = where.offset === undefined ? '' : ` at ${where.offset}`;
    return `| ${score} | ${title} | \`${id}\` | ${asText(where.path)}${at} | ${attack ?? ''} |`;
  });
  const more = findings.length - rows.length;
  return [
    '## Findings',
    ['| score | what | id | where | ATT&CK |', '| ---: | --- | --- | --- | --- |', ...rows].join('\n'),
    ...(more > 0 ? [`And ${more} more, in the result.`] : []),
  ];
}

function tree(root: ScannedNode): string {
  const lines: string[] = [];
  const add = (node: ScannedNode, depth: number) => {
    if (lines.length >= MOST_FILES) return;
    const notes = node.notes.length > 0 ? ` (${asText(node.notes.join(' '))})` : '';
    const score = node.score > 0 ? `, score ${node.score}` : '';
    lines.push(
      `${'  '.repeat(depth)}- **${asText(node.name) || 'without a name'}** ${node.type}, ${node.size} bytes, ${node.verdict}${score}${notes}`,
    );
    for (const child of node.children) add(child, depth + 1);
  };
  add(root, 0);
  if (lines.length >= MOST_FILES) lines.push('- and more, in the result');
  return lines.join('\n');
}

function facts(stages: readonly StageRow[]): string[] {
  const rows = stages.flatMap(({ name, facts: of }) =>
    Object.entries(of ?? {})
      .filter(([, value]) => value !== null)
      .map(
        ([key, value]) =>
          `| ${name} | ${asText(key.replaceAll('_', ' '))} | ${asText(defanged(short(inWords(value))))} |`,
      ),
  );
  if (rows.length === 0) return [];
  return [
    '## Facts',
    'Of the file itself. They raise no alarm.',
    ['| stage | fact | value |', '| --- | --- | --- |', ...rows].join('\n'),
  ];
}

/** Facts of parts: `urls: one, two; domains: three`. */
function inWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(inWords).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, part]) => `${key.replaceAll('_', ' ')}: ${inWords(part)}`)
    .join('; ');
}

function short(text: string): string {
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

function stageTable(stages: readonly StageRow[]): string {
  const rows = stages.map(
    ({ name, category, score, findings, version }) =>
      `| ${name} | ${category} | ${score} | ${findings.length} | ${asText(version.slice(0, 80))} |`,
  );
  return [
    '| stage | category | score | findings | version |',
    '| --- | --- | ---: | ---: | --- |',
    ...rows,
  ].join('\n');
}

/** Nothing in a report is to be clicked on by mistake. */
export function defanged(text: string): string {
  return text.replaceAll(/\b(h)tt(ps?:\/\/)/gi, '$1xx$2').replaceAll(/\bftp:\/\//gi, 'fxp://');
}
