import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScanResult, Verdict } from '../../../../src/kinds/scan/analysis/result.ts';
import { scanHere } from './scan-here.ts';

const kept = join(import.meta.dirname, '../labelled');

/** A file whose verdict is known; `any` is not counted. */
export interface LabelledFile {
  name: string;
  type: string;
  expected: Verdict | 'any';
  why: string;
  path: string;
}

export interface LabelledSet {
  files: readonly LabelledFile[];
  remove(): void;
}

/** The fixtures, and the files that `gen_dev.py` writes: hostile shapes are not kept. Needs Python 3. */
export function labelledSet(): LabelledSet {
  const folder = mkdtempSync(join(tmpdir(), 'doubletake-labelled-'));
  cpSync(kept, folder, { recursive: true });
  const files = join(folder, 'files');
  execFileSync('python3', ['-W', 'ignore', join(folder, 'gen_dev.py'), files], { stdio: 'pipe' });
  const rows: [string, string, string, string, Verdict | 'any', string][] = JSON.parse(
    readFileSync(join(folder, 'labels.json'), 'utf8'),
  );
  return {
    files: rows.map(([name, , , type, expected, why]) => ({
      name,
      type,
      expected,
      why,
      path: join(files, name),
    })),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface JudgedFile extends LabelledFile {
  result: ScanResult;
  /** Ids of the findings that score, each once. */
  ids: string[];
}

export async function judgeLabelled({ files }: LabelledSet): Promise<JudgedFile[]> {
  const judged: JudgedFile[] = [];
  for (const file of files) {
    const result = await scanHere(file.path, file.name);
    const findings = result.stages.flatMap((stage) => stage.findings).filter(({ score }) => score > 0);
    judged.push({ ...file, result, ids: [...new Set(findings.map(({ id }) => id))] });
  }
  return judged;
}

const alarming = (verdict: string) => verdict === 'suspicious' || verdict === 'malicious';

/** Whether the verdict is what the label asks for, by the rules of `labelled/LABELS.md`. */
export function isRight({ expected, result: { verdict } }: JudgedFile): boolean {
  if (expected === 'any') return true;
  if (expected === 'suspicious') return alarming(verdict);
  if (expected === 'unknown') return verdict !== 'clean' && verdict !== 'malicious';
  return verdict === expected;
}

/** Of suspicious-or-worse; a clean file that is called unknown counts as a false alarm. */
export function precisionAndRecall(judged: readonly JudgedFile[]): { precision: number; recall: number } {
  const counted = judged.filter(({ expected }) => expected !== 'unknown' && expected !== 'any');
  const wanted = counted.filter(({ expected }) => alarming(expected));
  const found = wanted.filter(({ result }) => alarming(result.verdict));
  const falseAlarms = counted.filter(
    ({ expected, result }) => expected === 'clean' && result.verdict !== 'clean',
  );
  return {
    precision: found.length / (found.length + falseAlarms.length),
    recall: found.length / wanted.length,
  };
}
