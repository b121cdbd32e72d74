import type { FindingCatalogue } from '../analysis/findings.ts';
import type { FileType, StageName } from '../analysis/stage.ts';
import { MALICIOUS_FROM, SUSPICIOUS_FROM, stagesFor } from '../analysis/verdict.ts';

/** `docs/findings.md`, made of what the code says; a test holds the page to it. */
export function findingsPage(catalogue: FindingCatalogue): string {
  return `# Findings of a scan

What a scan can find, with its score and why it is scored so. This page is made of the code by \`npm run findings\`.

A stage's score is the sum of its findings, at most 1000. A file's score is the highest of its stages, and of its children's. From ${SUSPICIOUS_FROM} a file is suspicious, from ${MALICIOUS_FROM} malicious; less is a note. Findings of YARA rules are \`yara.<rule>\` and score what the rule's metadata says; findings of ClamAV are \`clamav.<signature>\`.

| id | score | what | why | ATT&CK |
| --- | ---: | --- | --- | --- |
${Object.entries(catalogue)
  .sort(([one], [other]) => (one < other ? -1 : 1))
  .map(
    ([id, { score, title, why, attack }]) =>
      `| \`${id}\` | ${score} | ${cell(title)} | ${cell(why)} | ${attack ?? ''} |`,
  )
  .join('\n')}

## Stages that a type is for

If every stage that is listed for a type cannot look into it, the verdict is \`unknown\`. A type that is not listed holds nothing that must be opened.

| stages | types |
| --- | --- |
${byStages()
  .map(([stages, types]) => `| ${stages} | ${types.join(', ')} |`)
  .join('\n')}
`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function byStages(): [string, string[]][] {
  const groups = new Map<string, string[]>();
  for (const [type, stages] of Object.entries(stagesFor) as [FileType, StageName[]][]) {
    const key = stages.join(', ');
    groups.set(key, [...(groups.get(key) ?? []), type]);
  }
  return [...groups];
}
