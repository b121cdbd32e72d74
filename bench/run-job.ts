import { randomUUID } from 'node:crypto';
import { followJob } from '../src/cli/follow/follow-job.ts';
import { type JobView, jobPath, type Page, type TransitionView } from '../src/cli/job-view.ts';
import { postMultipart } from '../src/cli/upload/multipart.ts';
import { sourceFile } from '../src/cli/upload/source-file.ts';
import type { Service } from './service.ts';

const never = new AbortController().signal;

export interface FinishedJob {
  job: JobView;
  /** Milliseconds since 1970, by the server's clock. */
  accepted: number;
  done: number;
  /** When each stage was entered. */
  stages: Record<string, number>;
}

export function submit(service: Service, clip: string, mode: 'quick' | 'deep'): Promise<JobView> {
  return submitJob(service, clip, 'technique', { mode });
}

export async function submitJob(
  { api }: Service,
  path: string,
  kind: string,
  options: Record<string, unknown>,
): Promise<JobView> {
  return postMultipart(api, await sourceFile(path), {
    fields: { kind, options: JSON.stringify(options) },
    idempotencyKey: randomUUID(),
    onProgress() {},
    signal: never,
  });
}

/** @throws Error when the job does not succeed: a figure of a failed job means nothing */
export async function runJob(
  service: Service,
  clip: string,
  mode: 'quick' | 'deep',
  onUpdate: (job: JobView) => void = () => {},
): Promise<FinishedJob> {
  const { id } = await submit(service, clip, mode);
  const job = await followJob(service.api, id, { onUpdate, onLost() {}, signal: never });
  if (job.phase !== 'succeeded')
    throw new Error(`The job of ${clip} ended as ${job.status}: ${job.error_message}`);
  const { items } = await service.api.get<Page<TransitionView>>(jobPath(id, '/transitions'));
  const stages: Record<string, number> = {};
  for (const { stage, at } of items) stages[stage] ??= Date.parse(at);
  return { job, accepted: Date.parse(job.created_at), done: Date.parse(job.completed_at as string), stages };
}
