import type { Job } from '../domain/job.ts';
import { asText } from '../domain/markdown.ts';

/** Temporal refuses a summary over 200 bytes. */
const summaryBytes = 200;

function withinBytes(text: string, bytes: number): string {
  let cut = text;
  while (Buffer.byteLength(cut) > bytes) cut = cut.slice(0, -1);
  return cut;
}

/** What operators read in the list of workflows: `technique · squats.mp4 · coach-7`. */
export function staticSummary(job: Pick<Job, 'kind' | 'user_id'>, fileName: string): string {
  const head = `${job.kind} · `;
  const tail = ` · ${withinBytes(job.user_id, 60)}`;
  return head + withinBytes(fileName, summaryBytes - Buffer.byteLength(head + tail)) + tail;
}

/** Markdown at the head of the workflow's page. */
export function staticDetails(job: Job, fileName: string): string {
  return [
    `**${job.kind}** of ${asText(fileName)}`,
    '',
    `- job \`${job.job_id}\`, attempt ${job.attempt}`,
    `- session \`${job.session_id}\``,
    `- options \`${JSON.stringify(job.options).slice(0, 2000).replaceAll('`', "'")}\``,
  ].join('\n');
}
