import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ApiClient } from '../api-client.ts';
import { ServerUnreachable } from '../failures.ts';
import type { JobView } from '../job-view.ts';
import { postMultipart } from './multipart.ts';
import { uploadResumably } from './resumable.ts';
import type { SourceFile } from './source-file.ts';

/** Above this a lost connection costs enough that the upload should be resumable. */
const RESUMABLE_FROM_BYTES = 50 * 1024 * 1024;
const ATTEMPTS = 4;

export interface UploadProgress {
  sent(bytes: number): void;
  note(line: string): void;
}

/** What is sent with the file; see `POST /api/jobs`. */
export interface NewJob {
  kind: string;
  options: Record<string, unknown>;
  webhook?: { url: string };
}

/** Uploads the file and has it accepted as a job; repeated requests are one job by their idempotency key. */
export async function uploadFile(
  api: ApiClient,
  file: SourceFile,
  job: NewJob,
  progress: UploadProgress,
  signal: AbortSignal,
): Promise<JobView> {
  // Nobody there at all should be told at once, not after minutes of patience.
  await api.open('/health/live', { signal });
  if (file.bytes >= RESUMABLE_FROM_BYTES) return uploadThenAccept(api, file, job, progress, signal);
  const idempotencyKey = randomUUID();
  return patiently(progress, signal, () =>
    postMultipart(api, file, {
      fields: {
        kind: job.kind,
        options: JSON.stringify(job.options),
        ...(job.webhook && { webhook: JSON.stringify(job.webhook) }),
      },
      idempotencyKey,
      onProgress: progress.sent,
      signal,
    }),
  );
}

export function isResumable(file: SourceFile): boolean {
  return file.bytes >= RESUMABLE_FROM_BYTES;
}

async function uploadThenAccept(
  api: ApiClient,
  file: SourceFile,
  job: NewJob,
  progress: UploadProgress,
  signal: AbortSignal,
): Promise<JobView> {
  const uploadId = await uploadResumably(api, file, {
    onProgress: progress.sent,
    onResume: () =>
      progress.note('An earlier upload of this file was not finished; it goes on where it stopped.'),
    onRetry: () => progress.note('The connection broke; the upload goes on as soon as the server answers.'),
    signal,
  });
  return patiently(progress, signal, () =>
    api.post<JobView>(
      '/api/jobs',
      { upload_id: uploadId, ...job },
      { 'idempotency-key': `upload-${uploadId}` },
    ),
  );
}

/** Tries again when the connection broke: the server may have taken the request, the key makes it one job. */
async function patiently<T>(
  progress: UploadProgress,
  signal: AbortSignal,
  send: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof ServerUnreachable) || attempt === ATTEMPTS) throw error;
      progress.note(`The connection broke; trying again (${attempt + 1} of ${ATTEMPTS}).`);
      await pause(1000 * 2 ** (attempt - 1), undefined, { signal });
    }
  }
}
