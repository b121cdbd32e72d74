import type { ApiClient } from '../api-client.ts';
import type { JobView, TransitionView } from '../job-view.ts';
import type { Terminal } from '../terminal.ts';
import { table } from './table.ts';

const colours = {
  queued: 'gray',
  running: 'cyan',
  waiting: 'yellow',
  succeeded: 'green',
  failed: 'red',
  canceled: 'gray',
} as const;

function statusOf(terminal: Terminal, job: JobView): string {
  return terminal.paint(colours[job.phase] ?? 'reset', job.status);
}

/** Names of cameras and phones fit; what people write in full does not have to. */
function shortened(name: string): string {
  const letters = [...name];
  return letters.length <= 28 ? name : `${letters.slice(0, 18).join('')}…${letters.slice(-9).join('')}`;
}

export function showJobs(terminal: Terminal, jobs: readonly JobView[]): void {
  const rows = jobs.map((job) => [
    job.id,
    shortened(job.file_name ?? ''),
    job.kind,
    statusOf(terminal, job),
    job.stage,
    `${Math.floor(job.progress_pct)} %`,
    job.created_at.replace('T', ' ').replace(/\.\d+Z$/, 'Z'),
    job.error_message ?? '',
  ]);
  for (const line of table(['JOB', 'FILE', 'KIND', 'STATUS', 'STAGE', 'DONE', 'CREATED', 'ERROR'], rows))
    terminal.answer(line);
}

/** Where the job is. */
export function showJob(terminal: Terminal, job: JobView): void {
  const lines: [string, string | null][] = [
    ['job', job.id],
    ['file', job.file_name],
    ['kind', job.kind],
    ['status', `${statusOf(terminal, job)} (${job.stage}, ${Math.floor(job.progress_pct)} %)`],
    ['error', job.error_message],
    ['created', job.created_at],
    ['completed', job.completed_at],
    ['workflow', job.workflow_id],
  ];
  for (const [name, value] of lines) if (value) terminal.answer(`${`${name}:`.padEnd(11)}${value}`);
}

/** Addresses that only matter while a job runs, to programs, or that a browser cannot open, are left to `--json`. */
const hidden = new Set(['self', 'session', 'progress', 'cancel', 'retry', 'assist', 'webhooks']);

export function showLinks(terminal: Terminal, api: ApiClient, { links, phase }: JobView): void {
  // What most want to open comes first; a result there is only of what has succeeded.
  const { report, result, ...others } = links;
  const shown = { ...(report && { report }), ...(result && phase === 'succeeded' && { result }), ...others };
  for (const [name, link] of Object.entries(shown)) {
    if (!hidden.has(name))
      terminal.answer(`${`${name}:`.padEnd(13)} ${new URL(link, `${api.address.url}/`).href}`);
  }
}

export function showHistory(terminal: Terminal, history: readonly TransitionView[]): void {
  terminal.answer();
  const rows = history.map(({ at, from, to, stage, why }) => [
    at,
    from === null || from === to ? to : `${from} → ${to}`,
    stage,
    why,
  ]);
  for (const line of table(['WHEN', 'STATUS', 'STAGE', 'WHY'], rows)) terminal.answer(line);
}
