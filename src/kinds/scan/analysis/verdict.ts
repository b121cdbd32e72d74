import { stageScore } from './findings.ts';
import type { Category, FileStage, Verdict } from './result.ts';
import { archiveTypes, type FileType, type StageName } from './stage.ts';

export const SUSPICIOUS_FROM = 300;
export const MALICIOUS_FROM = 700;

/** What stops a file from being called clean although nothing was found. */
const notLookedAt: readonly Category[] = ['timeout', 'failure', 'incomplete'];

/**
 * The stages that must be able to look into a type for a verdict on it. Where a type is listed and all of them answer
 * `unsupported`, the verdict is `unknown`; a type that is not listed holds nothing that must be opened.
 */
export const stagesFor: Partial<Record<FileType, readonly StageName[]>> = {
  ...each(archiveTypes, ['unpack']),
  ...each(['jar', 'apk', 'epub', 'odf', 'eml', 'msg', 'onenote', 'msi'], ['unpack']),
  ...each(['ooxml', 'ole', 'doc', 'xls', 'ppt', 'rtf'], ['office', 'unpack']),
  pdf: ['pdf'],
  ...each(
    ['js', 'vbs', 'wsf', 'hta', 'sct', 'powershell', 'batch', 'lnk', 'url', 'iqy', 'html', 'svg', 'csv'],
    ['scripts'],
  ),
  ...each(['pe', 'elf', 'macho'], ['programs']),
};

function each(types: readonly FileType[], stages: readonly StageName[]) {
  return Object.fromEntries(types.map((type) => [type, stages]));
}

/** A stage's category from its findings, and from what it could not look at. */
export function categoryOf(
  findings: readonly { score: number }[],
  { incomplete, hasFacts }: { incomplete: boolean; hasFacts: boolean },
): Category {
  const score = stageScore(findings);
  if (score >= MALICIOUS_FROM) return 'malicious';
  if (score >= SUSPICIOUS_FROM) return 'suspicious';
  if (incomplete) return 'incomplete';
  return findings.length > 0 || hasFacts ? 'harmless' : 'undetected';
}

/**
 * The verdict on one file by its own stages.
 * @param stages of a type's every stage, one row
 */
export function verdictOf(
  type: FileType,
  stages: readonly Pick<FileStage, 'name' | 'category' | 'score'>[],
): Verdict {
  const score = Math.max(0, ...stages.map((stage) => stage.score));
  if (score >= MALICIOUS_FROM) return 'malicious';
  if (score >= SUSPICIOUS_FROM) return 'suspicious';
  if (stages.some(({ category }) => notLookedAt.includes(category))) return 'unknown';
  const listed = stagesFor[type] ?? [];
  const couldNot = (name: StageName) =>
    stages.find((stage) => stage.name === name)?.category === 'unsupported';
  return listed.length > 0 && listed.every(couldNot) ? 'unknown' : 'clean';
}

const byWeight: readonly Verdict[] = ['clean', 'unknown', 'suspicious', 'malicious'];

export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return byWeight[Math.max(0, ...verdicts.map((verdict) => byWeight.indexOf(verdict)))] as Verdict;
}

const categoriesByWeight: readonly Category[] = [
  'unsupported',
  'undetected',
  'harmless',
  'incomplete',
  'timeout',
  'failure',
  'suspicious',
  'malicious',
];

export function worstCategory(found: readonly Category[]): Category {
  return categoriesByWeight[
    Math.max(0, ...found.map((category) => categoriesByWeight.indexOf(category)))
  ] as Category;
}
