import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ApiClient, linked, unreachable } from './api-client.ts';
import { exitCodes } from './exit-codes.ts';
import { CliFailure, UsageFailure } from './failures.ts';
import { type ArtifactView, jobPath, type Page } from './job-view.ts';

const AT_ONCE = 4;

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
 * Writes each artifact to `<directory>/<pass>/<name>`. A file is there whole or not at all: it is written
 * beside its place, checked against its SHA-256, then renamed.
 * @returns the paths written
 */
export async function downloadArtifacts(
  api: ApiClient,
  artifacts: readonly ArtifactView[],
  directory: string,
  signal: AbortSignal,
): Promise<string[]> {
  const waiting = [...artifacts];
  const written: string[] = [];
  const work = async () => {
    for (let artifact = waiting.shift(); artifact; artifact = waiting.shift()) {
      const path = join(directory, safe(artifact.pass), safe(artifact.name));
      await into(path, (partial) => download(api, artifact as ArtifactView, partial, signal));
      written.push(path);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return written.sort();
}

export async function writeWhole(path: string, content: string): Promise<void> {
  await into(path, (partial) => writeFile(partial, content));
}

async function into(path: string, write: (partial: string) => Promise<unknown>): Promise<void> {
  const partial = join(dirname(path), `.${randomUUID()}.part`);
  try {
    await mkdir(dirname(path), { recursive: true });
    await write(partial);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    if (!isDiskError(error)) throw error;
    throw new UsageFailure(`${path} cannot be written: ${(error as Error).message}.`, { cause: error });
  }
}

async function download(
  api: ApiClient,
  artifact: ArtifactView,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const hash = createHash('sha256');
  const response = await api.open(artifact.url, { signal });
  const body = async function* () {
    try {
      for await (const chunk of Readable.fromWeb(response.body as never) as AsyncIterable<Uint8Array>) {
        hash.update(chunk);
        yield chunk;
      }
    } catch (error) {
      throw signal.aborted
        ? error
        : unreachable({ url: new URL(response.url).origin, origin: linked }, error);
    }
  };
  await pipeline(body, createWriteStream(path));
  if (hash.digest('hex') !== artifact.sha256) {
    throw new CliFailure(
      'BrokenDownload',
      exitCodes.failed,
      `${artifact.pass}/${artifact.name} did not arrive as it is stored (SHA-256 differs). Try again.`,
    );
  }
}

function isDiskError(error: unknown): boolean {
  return /^(EACCES|EPERM|ENOSPC|EROFS|ENOTDIR|EEXIST|EISDIR|EDQUOT)$/.test(
    (error as NodeJS.ErrnoException).code ?? '',
  );
}

/** A name from the server never leads out of the folder. */
function safe(name: string): string {
  return name.replace(/[/\\\0]/g, '_').replace(/^\.+$/, '_');
}
