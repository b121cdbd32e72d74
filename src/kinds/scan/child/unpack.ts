import { type Finding, stageScore, toFinding } from '../analysis/findings.ts';
import type { Budget } from '../analysis/limits.ts';
import type { FileStage } from '../analysis/result.ts';
import { FileTooLarge, type FileType } from '../analysis/stage.ts';
import { elapsedSince } from '../analysis/stage-row.ts';
import { categoryOf } from '../analysis/verdict.ts';
import { catalogue } from '../stages/catalogue.ts';
import { type LimitName, LimitReached, type UnpackReport } from '../unpack/unpacker.ts';
import { unpackersFor, unpackVersion } from '../unpack/unpackers.ts';
import { type ChildFile, ChildFiles } from './child-files.ts';
import { wordsOf } from './look.ts';
import { type FileToOpen, openScannedFile } from './opened-file.ts';

export interface UnpackTask extends FileToOpen {
  task: 'scanUnpack';
  type: FileType;
  treePath: string;
  /** An empty folder that the children are written to. */
  folder: string;
  budget: Budget;
  passwords: readonly string[];
}

export interface UnpackResult {
  stage: FileStage;
  children: ChildFile[];
  expanded: number;
  limits: { name: LimitName; value: number }[];
  notes: string[];
}

/**
 * Opens a container with every unpacker for its type. What came out before one failed counts.
 * @throws the error of the file system when a child could not be written, whatever the unpacker made of it
 */
export async function unpack(task: UnpackTask): Promise<UnpackResult> {
  const opened = openScannedFile(task);
  const began = performance.now();
  const reports: UnpackReport[] = [];
  const failures: string[] = [];
  let tooLarge: FileTooLarge | undefined;
  const file = opened.as(task.type, '');
  const sink = new ChildFiles(task.folder, task.budget, file.size);
  try {
    for (const unpacker of unpackersFor(file)) {
      try {
        reports.push(await unpacker.unpack(file, sink, task.passwords));
      } catch (error) {
        if (error instanceof FileTooLarge) tooLarge = error;
        else if (!(error instanceof LimitReached) && !sink.reached)
          failures.push(`The ${unpacker.name} unpacker failed: ${wordsOf(error)}.`);
      }
      sink.close();
      if (sink.broken) throw sink.broken;
      if (sink.reached) break;
    }
  } finally {
    sink.close();
    opened.close();
  }
  const findings: Finding[] = reports.flatMap((report) =>
    report.findings.map((finding) => toFinding(finding, task.treePath, catalogue)),
  );
  const { reached } = sink;
  const reasons = [
    ...reports.flatMap(({ incomplete }) => incomplete),
    ...(tooLarge ? [tooLarge.message] : []),
    ...(reached ? [`The limit ${reached.limit} was reached; what came after it was not looked at.`] : []),
  ];
  const category = categoryOf(findings, {
    incomplete: reasons.length > 0,
    hasFacts: sink.files.length > 0,
  });
  const isFailure = failures.length > 0 && category !== 'suspicious' && category !== 'malicious';
  const facts = Object.assign({}, ...reports.map((report) => report.facts ?? {}));
  return {
    stage: {
      name: 'unpack',
      category: isFailure ? 'failure' : category,
      score: stageScore(findings),
      findings,
      elapsed_ms: elapsedSince(began),
      version: unpackVersion,
      reasons: [...reasons, ...failures],
      ...(Object.keys(facts).length > 0 && { facts }),
    },
    children: sink.files,
    expanded: sink.expanded,
    limits: [
      ...(tooLarge ? [{ name: 'file_bytes' as const, value: tooLarge.limit }] : []),
      ...(reached ? [{ name: reached.limit, value: reached.value }] : []),
    ],
    notes: reports.flatMap(({ password }) =>
      password === undefined ? [] : [`It was opened with the password "${password}".`],
    ),
  };
}
