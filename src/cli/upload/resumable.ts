import { createReadStream, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as tus from 'tus-js-client';
import { type ApiClient, refusal, unreachable } from '../api-client.ts';
import { ServerRefused } from '../failures.ts';
import type { SourceFile } from './source-file.ts';

/** About two minutes of patience after the last byte that went through. */
const retryDelays = [0, 1000, 2000, 5000, 10_000, 20_000, 30_000, 60_000];

export interface ResumableOptions {
  onProgress(sentBytes: number): void;
  /** Called when an earlier, unfinished upload of this file goes on. */
  onResume(): void;
  /** Called when the connection broke and the upload waits to go on. */
  onRetry(): void;
  signal: AbortSignal;
}

/**
 * Uploads by tus 1.0: a broken connection is resumed here, and an upload that this process could not finish is
 * resumed by the next one that names the same file (path, size and time of change) and server.
 * @returns the upload's id
 * @throws ServerRefused, ServerUnreachable
 */
export async function uploadResumably(
  api: ApiClient,
  file: SourceFile,
  { onProgress, onResume, onRetry, signal }: ResumableOptions,
): Promise<string> {
  let upload: tus.Upload | undefined;
  const finished = new Promise<void>((resolve, reject) => {
    // The types are those of browsers; in Node a stream of a file is cut into slices by its path.
    upload = new tus.Upload(createReadStream(file.path) as never, {
      endpoint: `${api.address.url}/api/uploads`,
      uploadSize: file.bytes,
      metadata: { filename: file.name },
      headers: { ...api.headers },
      retryDelays,
      removeFingerprintOnSuccess: true,
      ...rememberedUploads(),
      onProgress,
      onShouldRetry(error) {
        const again = isPassing(error.originalResponse?.getStatus());
        if (again) onRetry();
        return again;
      },
      onSuccess: () => resolve(),
      onError: (error) => reject(failureOf(api, error)),
    });
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  finished.catch(() => {});
  const running = upload as tus.Upload;
  try {
    const earlier = (await running.findPreviousUploads().catch(() => [])).at(-1);
    if (earlier) {
      await refuseBadKey(api, earlier.uploadUrl);
      running.resumeFromPreviousUpload(earlier);
      onResume();
    }
    signal.throwIfAborted();
    running.start();
    await finished;
  } catch (error) {
    await running.abort().catch(() => {});
    throw error;
  }
  return idOf(running.url);
}

/** The protocol's client forgets an upload after any refusal; one refused for its key can still be continued with a good one. */
async function refuseBadKey(api: ApiClient, uploadUrl: string | null): Promise<void> {
  try {
    await api.get(new URL(uploadUrl ?? '').pathname);
  } catch (error) {
    if (error instanceof ServerRefused && (error.status === 401 || error.status === 403)) throw error;
  }
}

/**
 * 409 and 423: another request of ours still holds the upload (tus, 2.1 and locks). 408: it arrived too slowly for a
 * while. No status: no answer.
 */
function isPassing(status: number | undefined): boolean {
  return status === undefined || status >= 500 || [408, 409, 423, 429].includes(status);
}

function failureOf(api: ApiClient, error: Error | tus.DetailedError): Error {
  const response = 'originalResponse' in error ? error.originalResponse : null;
  if (response) return refusal(response.getStatus(), response.getBody());
  return unreachable(api.address, ('causingError' in error && error.causingError) || error);
}

function idOf(url: string | null): string {
  return decodeURIComponent(new URL(url ?? '').pathname.split('/').at(-1) ?? '');
}

/** Where unfinished uploads are noted; without a place to write they resume within this process only. */
function rememberedUploads(): Partial<tus.UploadOptions> {
  const state = process.env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state');
  const directory = join(state, 'doubletake');
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch {
    return { storeFingerprintForResuming: false };
  }
  const { FileUrlStorage } = tus as unknown as { FileUrlStorage: new (path: string) => tus.UrlStorage };
  return { urlStorage: new FileUrlStorage(join(directory, 'uploads.json')) };
}
