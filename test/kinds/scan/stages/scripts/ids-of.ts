import { stageScore } from '../../../../../src/kinds/scan/analysis/findings.ts';
import { scriptFindings } from '../../../../../src/kinds/scan/stages/scripts/findings.ts';
import { scriptsStage } from '../../../../../src/kinds/scan/stages/scripts/stage.ts';
import { fileOf } from '../file-of.ts';

/** What the stage finds in a file, and what that comes to. */
export async function look(name: string, content: string | Uint8Array) {
  const file = await fileOf(name, content);
  const { findings, facts } = await scriptsStage.look(file);
  const kinds = findings.map(({ id }) => scriptFindings[id as keyof typeof scriptFindings]);
  return { type: file.type, ids: findings.map(({ id }) => id), score: stageScore(kinds), findings, facts };
}
