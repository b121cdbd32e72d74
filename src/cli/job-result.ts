import { join } from 'node:path';
import { isTheFiles } from '../domain/errors.ts';
import { isOpen } from '../domain/phase.ts';
import type { ApiClient } from './api-client.ts';
import { command } from './command-name.ts';
import { downloadArtifacts, listArtifacts } from './download-artifacts.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { CliFailure } from './failures.ts';
import type { ArtifactView, JobView } from './job-view.ts';
import { type CliKinds, viewOfKind } from './kind-view.ts';
import { showLinks } from './show/job.ts';
import type { Terminal } from './terminal.ts';
import { writeWhole } from './whole-file.ts';

export interface Collected {
  job: JobView;
  result: unknown;
  artifacts: ArtifactView[];
}

/** `--out`: the files written there, and what kept the others away. */
export interface Written {
  out: string;
  files: string[];
  failure?: CliFailure;
}

/** Reads all there is of a job, of a failed one too: what was found before it failed is worth having. */
export async function collect(
  kinds: CliKinds,
  api: ApiClient,
  job: JobView,
  signal: AbortSignal,
): Promise<Collected> {
  const result = await viewOfKind(kinds, job.kind).read(api, job);
  const artifacts = await listArtifacts(api, job.id, signal);
  return { job, result, artifacts };
}

/**
 * Writes the report and every artifact to `--out`. That files could not be had takes nothing from the answer, so
 * it is told beside it.
 */
export async function writeOut(
  kinds: CliKinds,
  api: ApiClient,
  { job, result, artifacts }: Collected,
  out: string | undefined,
  signal: AbortSignal,
): Promise<Written | undefined> {
  if (out === undefined) return undefined;
  const files: string[] = [];
  try {
    const report = viewOfKind(kinds, job.kind).report(result, job);
    if (report !== undefined) {
      const path = join(out, 'report.md');
      await writeWhole(path, report.endsWith('\n') ? report : `${report}\n`);
      files.push(path);
    }
    files.push(...(await downloadArtifacts(api, artifacts, out, signal)));
    return { out, files };
  } catch (error) {
    if (signal.aborted || !(error instanceof CliFailure)) throw error;
    return { out, files, failure: error };
  }
}

/** Prints what was found and says by the exit code how the job ended. */
export function tell(
  kinds: CliKinds,
  terminal: Terminal,
  api: ApiClient,
  { job, result, artifacts }: Collected,
  written: Written | undefined,
): ExitCode {
  const { failure } = written ?? {};
  terminal.document({
    job,
    result,
    artifacts,
    written: written?.files ?? [],
    ...(failure && { error: documentOf(failure) }),
  });
  const code = failure && isAnswered(job) ? exitCodes.incomplete : exitCodeOf(job);
  const ended = !isOpen(job.phase) || job.phase === 'waiting';
  if (ended && job.phase !== 'succeeded') terminal.note(endOf(job));
  // With a failed job the findings there are belong to an earlier pass; they are still true.
  if (job.phase === 'succeeded' || artifacts.length > 0) viewOfKind(kinds, job.kind).show(terminal, result);
  showLinks(terminal, api, job);
  if (written && !failure) terminal.answer(`Wrote ${written.files.length} files to ${written.out}`);
  if (failure) {
    terminal.note(
      `The answer above is whole, but not all files are in ${written?.out}: ${failure.message} Fetch them again with ${command(`job ${job.id} --out ${written?.out}`)}.`,
    );
  }
  return code;
}

/** How a job ended is worth more to a script than how its download did. */
function isAnswered(job: JobView): boolean {
  return exitCodeOf(job) === exitCodes.success;
}

function documentOf({ type, message }: CliFailure): Record<string, unknown> {
  return { type, message, exit_code: exitCodes.incomplete };
}

function endOf(job: JobView): string {
  if (job.phase === 'waiting') {
    return `Job ${job.id} needs a person's answer before it can finish. ${command(`assist ${job.id}`)} shows what it asks, and answers it.`;
  }
  const said = job.error_message ?? 'no reason is recorded';
  const why = /[.!?]$/.test(said) ? said : `${said}.`;
  const how = job.phase === 'canceled' ? 'was cancelled' : 'failed';
  return `Job ${job.id} ${how}: ${why} ${whatNext(job)}`;
}

function whatNext({ id, error_type }: JobView): string {
  if (isTheFiles(error_type))
    return 'Another export of the file may do; trying this one again would end the same.';
  if (error_type === 'InvalidRequest') return 'Trying it again would end the same.';
  return `Try again with ${command(`retry ${id}`)}.`;
}

/** A job that still runs counts as success, since nothing is wrong. */
export function exitCodeOf({ phase }: JobView): ExitCode {
  if (phase === 'waiting') return exitCodes.needsAssist;
  return phase === 'succeeded' || isOpen(phase) ? exitCodes.success : exitCodes.failed;
}
