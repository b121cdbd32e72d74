import { type FindingCatalogue, stageScore, toFinding } from './findings.ts';
import type { FileStage } from './result.ts';
import type { StageName, StageReport } from './stage.ts';
import { categoryOf } from './verdict.ts';

/** The row of a stage without findings; what it is to say beside its category is added by the caller. */
export function emptyRow(name: StageName, category: FileStage['category'], version = '1'): FileStage {
  return { name, category, score: 0, findings: [], elapsed_ms: 0, version, reasons: [] };
}

/**
 * The row of a stage from what it said of a file.
 * @param path of the file in the tree
 * @throws RangeError for a finding that is not in the catalogue and does not say itself what it is
 */
export function rowOf(
  { name, version, path, elapsed_ms }: Pick<FileStage, 'name' | 'version' | 'elapsed_ms'> & { path: string },
  { findings: found, incomplete: reasons = [], facts }: StageReport,
  catalogue: FindingCatalogue,
): FileStage {
  const findings = found.map((finding) => toFinding(finding, path, catalogue));
  return {
    ...{ name, version, elapsed_ms, findings, reasons },
    category: categoryOf(findings, { incomplete: reasons.length > 0, hasFacts: facts !== undefined }),
    score: stageScore(findings),
    ...(facts && { facts }),
  };
}

/** Milliseconds since `began` (`performance.now()`), to a tenth. */
export function elapsedSince(began: number): number {
  return Math.round((performance.now() - began) * 10) / 10;
}
