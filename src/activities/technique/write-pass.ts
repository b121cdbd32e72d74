import { type Artifact, artifactKey } from '../../domain/artifact.ts';
import type { TechniqueResult } from '../../kinds/technique/analysis/analyse.ts';
import { attachEvidence } from '../../kinds/technique/analysis/findings/attach-evidence.ts';
import type { FrameToDraw } from '../../kinds/technique/analysis/findings/frames-to-draw.ts';
import { writeReport } from '../../kinds/technique/analysis/report/write-report.ts';
import type { DrawnFrame } from '../../kinds/technique/child/draw-task.ts';
import type { Writer } from '../write-artifact.ts';

export interface PassToWrite {
  job_id: string;
  pass: 'quick' | 'deep';
  file_name: string;
  /** As measured, its findings still without pictures. */
  measured: TechniqueResult;
  writer: Writer;
  draw(frames: FrameToDraw[]): Promise<DrawnFrame[]>;
  /** Called just before the full results go to S3. */
  onSaving(key: string): void;
}

/** What the workflow carries of a pass: where everything lies, not what it says. */
export interface WrittenPass {
  artifacts: Artifact[];
  /** Keys of what the database takes a copy of; null where S3 refused the object for good. */
  results_key: string | null;
  findings_key: string | null;
  report_key: string | null;
  /** For operators, in a line. */
  summary: string;
}

/** Evidence, findings, report and full results, all in S3 when this returns. */
export async function writePass(given: PassToWrite): Promise<WrittenPass> {
  const { job_id, pass, file_name, measured, writer, draw, onSaving } = given;
  const artifacts: Artifact[] = [];
  const evidence: { time_s: number; artifact_key: string }[] = [];
  const drawn = measured.worst_frames.length > 0 ? await draw(measured.worst_frames) : [];
  const pictures = drawn.map(({ jpeg }, i) =>
    writer.putOrLeaveOut(`evidence-${String(i + 1).padStart(2, '0')}.jpg`, jpeg, 'image/jpeg'),
  );
  for (const [i, artifact] of (await Promise.all(pictures)).entries()) {
    if (!artifact) continue;
    evidence.push({ time_s: (drawn[i] as DrawnFrame).time_s, artifact_key: artifact.key });
    artifacts.push(artifact);
  }
  const findings = attachEvidence(measured.findings, evidence);
  const result = { ...measured, findings };
  const report = writeReport(result, { file_name });

  onSaving(artifactKey(job_id, pass, `${pass}_results.json`));
  const results = await writer.put(`${pass}_results.json`, json(result), 'application/json');
  const foundFile = await writer.putOrLeaveOut('findings.json', json(findings), 'application/json');
  const reportFile = await writer.putOrLeaveOut('report.json', json(report), 'application/json');
  const reportText = await writer.putOrLeaveOut('report.md', report.text, 'text/markdown; charset=utf-8');
  artifacts.push(...[results, foundFile, reportFile, reportText].filter((artifact) => artifact !== null));
  return {
    artifacts,
    results_key: results.key,
    findings_key: foundFile?.key ?? null,
    report_key: reportFile?.key ?? null,
    summary: `${findings.findings.length} findings, overall ${findings.overall_level}, ${measured.coverage.seen} of ${measured.coverage.frames} frames show the person`,
  };
}

/** Same value, same bytes. */
export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`;
}
