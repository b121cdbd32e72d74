import { join } from 'node:path';
import { isOpen } from '../domain/phase.ts';
import type { ApiClient } from './api-client.ts';
import { downloadArtifacts, listArtifacts, writeWhole } from './download-artifacts.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { ArtifactView, JobView } from './job-view.ts';
import { viewOfKind } from './kinds/view-of-kind.ts';
import { showLinks } from './show/job.ts';
import type { Terminal } from './terminal.ts';

export interface Collected {
  job: JobView;
  result: unknown;
  artifacts: ArtifactView[];
  /** `--out`, and the files written there. */
  out: string | undefined;
  written: string[];
}

/** Reads all there is of a job, of a failed one too: what was found before it failed is worth having. */
export async function collect(
  api: ApiClient,
  job: JobView,
  out: string | undefined,
  signal: AbortSignal,
): Promise<Collected> {
  const view = viewOfKind(job.kind);
  const result = await view.read(api, job);
  const artifacts = await listArtifacts(api, job.id, signal);
  if (!out) return { job, result, artifacts, out, written: [] };
  const written = await downloadArtifacts(api, artifacts, out, signal);
  const report = view.report(result);
  if (report !== undefined) {
    const path = join(out, 'report.md');
    await writeWhole(path, report.endsWith('\n') ? report : `${report}\n`);
    written.push(path);
  }
  return { job, result, artifacts, out, written };
}

/** Prints what was found and says by the exit code how the job ended. */
export function tell(
  terminal: Terminal,
  api: ApiClient,
  { job, result, artifacts, out, written }: Collected,
): ExitCode {
  terminal.document({ job, result, artifacts, written });
  if (isOpen(job.phase) && job.phase !== 'waiting') {
    if (artifacts.length === 0) return exitCodes.success;
  } else if (job.phase !== 'succeeded') {
    terminal.note(endOf(job));
    // With a failed job the findings there are belong to an earlier pass; they are still true.
    if (artifacts.length === 0) return exitCodeOf(job);
  }
  viewOfKind(job.kind).show(terminal, result);
  showLinks(terminal, api, job);
  if (out) terminal.answer(`Wrote ${written.length} files to ${out}`);
  return exitCodeOf(job);
}

function endOf(job: JobView): string {
  if (job.phase === 'waiting') {
    return `Job ${job.id} needs a person's answer before it can finish; it is waiting for it.`;
  }
  const why = job.error_message ?? 'no reason is recorded';
  const again = `Try again with "doubletake retry ${job.id}".`;
  if (job.phase === 'canceled') return `Job ${job.id} was cancelled: ${why}. ${again}`;
  return `Job ${job.id} failed: ${why}${/[.!?]$/.test(why) ? '' : '.'} ${again}`;
}

/** Of a job that still runs: success, since nothing is wrong. */
export function exitCodeOf({ phase }: JobView): ExitCode {
  if (phase === 'waiting') return exitCodes.needsAssist;
  return phase === 'succeeded' || isOpen(phase) ? exitCodes.success : exitCodes.failed;
}
