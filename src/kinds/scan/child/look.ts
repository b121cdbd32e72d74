import type { Report } from '../../../media/child/serve-tasks.ts';
import type { FileStage } from '../analysis/result.ts';
import type { FileLook } from '../analysis/scan-tree.ts';
import {
  FileTooLarge,
  type ScannedFile,
  type Stage,
  type StageName,
  type StageReport,
} from '../analysis/stage.ts';
import { elapsedSince, emptyRow, rowOf } from '../analysis/stage-row.ts';
import { catalogue } from '../stages/catalogue.ts';
import { fixedStages } from '../stages/stages.ts';
import { detectType } from '../stages/type/detect-type.ts';
import { unpackersFor } from '../unpack/unpackers.ts';
import { CurrentRules } from './current-rules.ts';
import { type FileToOpen, openScannedFile } from './opened-file.ts';

export interface LookTask extends FileToOpen {
  task: 'scanLook';
  /** For findings. */
  treePath: string;
  /** Only these stages; all of them unless told. */
  only?: readonly StageName[];
}

/** What a worker hands to its children as they start. */
export interface ScanPreparation {
  /** The operator's folder of YARA rules. */
  rulesFolder?: string | undefined;
}

let rules = new CurrentRules();

export async function prepare({ rulesFolder }: ScanPreparation = {}): Promise<void> {
  rules = new CurrentRules(rulesFolder);
  // Compiling takes longer than a small file: the first one should not wait for it.
  rules.stage();
}

/** Detects what a file is and shows it to every stage that looks at such files. */
export async function look(task: LookTask, report: Report<never>): Promise<FileLook> {
  const opened = openScannedFile(task);
  try {
    const { type, mediaType } = await detectType(opened);
    const file = opened.as(type, mediaType);
    const rows: FileStage[] = [];
    for (const stage of [...fixedStages, rules.stage()]) {
      if (task.only && !task.only.includes(stage.name)) continue;
      report();
      rows.push(await lookWith(stage, file, task.treePath));
    }
    const sha256 = rows.find(({ name }) => name === 'hashes')?.facts?.sha256;
    return {
      type,
      mediaType,
      sha256: typeof sha256 === 'string' ? sha256 : null,
      stages: rows,
      opens: unpackersFor(file).length > 0,
    };
  } finally {
    opened.close();
  }
}

async function lookWith(stage: Stage, file: ScannedFile, path: string): Promise<FileStage> {
  const { name, version } = stage;
  if (!stage.looksAt(file)) return emptyRow(name, 'unsupported', version);
  const began = performance.now();
  let said: StageReport;
  try {
    said = await stage.look(file);
  } catch (error) {
    const elapsed_ms = elapsedSince(began);
    return error instanceof FileTooLarge
      ? {
          ...emptyRow(name, 'incomplete', version),
          ...{ elapsed_ms, reasons: [error.message], limit: { name: 'file_bytes', value: error.limit } },
        }
      : {
          ...emptyRow(name, 'failure', version),
          ...{ elapsed_ms, reasons: [`The stage failed: ${wordsOf(error)}.`] },
        };
  }
  return rowOf({ name, version, path, elapsed_ms: elapsedSince(began) }, said, catalogue);
}

/** Libraries throw numbers and strings, too. One line, without what a stack tells of this machine. */
export function wordsOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return (text.split('\n')[0] ?? '').slice(0, 200);
}
