import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { type ApiClient, unreachable } from './api-client.ts';
import { exitCodes } from './exit-codes.ts';
import { CliFailure, ServerUnreachable } from './failures.ts';
import { type ArtifactView, jobPath, type Page } from './job-view.ts';
import { openDownload, placeOf } from './open-download.ts';
import { makeWhole } from './whole-file.ts';

const AT_ONCE = 4;
/** Of one file, a second and more apart. */
const ATTEMPTS = 4;

export async function listArtifacts(
  api: ApiClient,
  jobId: string,
  signal?: AbortSignal,
): Promise<ArtifactView[]> {
  const found: ArtifactView[] = [];
  let cursor: string | null = null;
  do {
    const query = cursor ? `?cursor=${encodeURIComponent(cursor)}` : '';
    const page: Page<ArtifactView> = await api.get(jobPath(jobId, `/artifacts${query}`), signal);
    found.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return found;
}

/**
 * Writes each artifact to `<directory>/<pass>/<name>`, whole and checked against its SHA-256, or not at all. The
 * first that cannot be had ends the others.
 * @returns the paths written
 * @throws what `openDownload` and `makeWhole` do; CliFailure when the bytes are not the stored ones
 */
export async function downloadArtifacts(
  api: ApiClient,
  artifacts: readonly ArtifactView[],
  directory: string,
  signal: AbortSignal,
): Promise<string[]> {
  const waiting = [...artifacts];
  const written: string[] = [];
  const failed = new AbortController();
  const stopping = AbortSignal.any([signal, failed.signal]);
  const work = async () => {
    for (let next = waiting.shift(); next && !stopping.aborted; next = waiting.shift()) {
      const artifact = next;
      const path = join(directory, safe(artifact.pass), safe(artifact.name));
      await makeWhole(path, (partial) =>
        patiently(() => download(api, artifact, partial, stopping), stopping),
      );
      written.push(path);
    }
  };
  // All have settled, and removed what they had begun, before the first failure is told.
  const outcomes = await Promise.allSettled(
    Array.from({ length: AT_ONCE }, () =>
      work().catch((error) => {
        failed.abort(error);
        throw error;
      }),
    ),
  );
  signal.throwIfAborted();
  if (failed.signal.aborted) throw failed.signal.reason;
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return written.sort();
}

async function patiently(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ServerUnreachable) || attempt === ATTEMPTS) throw error;
      await pause(1000 * 2 ** (attempt - 1), undefined, { signal });
    }
  }
}

async function download(
  api: ApiClient,
  { url, pass, name, bytes, sha256 }: ArtifactView,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const hash = createHash('sha256');
  const response = await openDownload(api, url, signal);
  const body = async function* () {
    try {
      for await (const chunk of response as AsyncIterable<Uint8Array>) {
        hash.update(chunk);
        yield chunk;
      }
    } catch (error) {
      throw signal.aborted ? error : unreachable(placeOf(api, new URL(url, `${api.address.url}/`)), error);
    }
  };
  await pipeline(body, createWriteStream(path), { signal });
  if (hash.digest('hex') !== sha256) {
    throw new CliFailure(
      'BrokenDownload',
      exitCodes.incomplete,
      `${pass}/${name} (${bytes} bytes) did not arrive as it is stored: its SHA-256 differs.`,
    );
  }
}

/** A name from the server never leads out of the folder. */
function safe(name: string): string {
  return name.replace(/[/\\\0]/g, '_').replace(/^\.+$/, '_');
}
